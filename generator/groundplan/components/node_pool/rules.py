"""What the keys of a pool mean together, and the buckets that it names."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.components.node_pool.spec import ServingNodes, ServingPool, TrainingNodes, TrainingPool
from groundplan.diagnostics import Diagnostic
from groundplan.spec.base import Model
from groundplan.spec.document import Document, Lookup, Path, dotted
from groundplan.spec.near import closest
from groundplan.spec.renamed import renames

_NODES: dict[str, type[Model]] = {"training": TrainingNodes, "serving": ServingNodes}
_POOLS: dict[str, type[Model]] = {"training": TrainingPool, "serving": ServingPool}
_NEEDS = ("vcpus", "memory_gib", "gpu", "local_storage_gib")
_ENOUGH = ("vcpus", "memory_gib", "gpu", "instance_types")


def _pools(at: Lookup) -> Iterator[tuple[str, Path]]:
    """The paths of all pools, each with the key it stands under."""
    for kind in _POOLS:
        pools = at.mapping(kind, "pools")
        yield from ((kind, (kind, "pools", name)) for name, pool in pools.items() if isinstance(pool, dict))


def _node_bounds(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    for kind, pool in _pools(at):
        nodes = (*pool, "nodes")
        fields = _NODES[kind].model_fields
        most, expected = at.whole(*nodes, "max"), at.whole(*nodes, "expected")
        given = at.value(*nodes, "min")
        least = fields["min"].default if given is None else at.whole(*nodes, "min")
        name = dotted(nodes)
        if least is not None and most is not None and least > most:
            where, default = (("min",), "") if given is not None else (("max",), ", the default")
            message = f"`{name}`: min {least}{default} is more than max {most}"
            yield document.diagnostic("GP208", message, (*nodes, *where), hint="min may be at most max")
        elif expected is not None and most is not None and expected > most:
            message = f"`{name}`: expected {expected} is more than max {most}"
            yield document.diagnostic("GP208", message, (*nodes, "expected"), hint="expected lies from min to max")
        elif expected is not None and least is not None and expected < least:
            message = f"`{name}`: expected {expected} is less than min {least}"
            yield document.diagnostic("GP208", message, (*nodes, "expected"), hint="expected lies from min to max")


def _needs(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    for kind, pool in _pools(at):
        keys, name = at.mapping(*pool), dotted(pool)
        if not any(key in keys for key in _ENOUGH) and keys.keys() <= _POOLS[kind].model_fields.keys():
            message, hint = f"`{name}` does not say what its nodes need", f"state at least one of {', '.join(_ENOUGH)}"
            yield document.diagnostic("GP208", message, pool, hint=hint, on_key=True)
        if "instance_types" in keys:
            for key in (key for key in _NEEDS if key in keys):
                message = f"`{name}` states both `instance_types` and `{key}`"
                hint = f"remove `{key}` to use the types as they are, or `instance_types` to have one chosen by needs"
                yield document.diagnostic("GP208", message, (*pool, key), hint=hint, on_key=True)
        gpu = at.value(*pool, "gpu")
        if isinstance(gpu, dict) and not {"type", "memory_gib", "total_memory_gib"} & gpu.keys():
            hint = "state `type`, or the `memory_gib` that each device must have"
            message = f"`{name}.gpu` does not say which GPU"
            yield document.diagnostic("GP208", message, (*pool, "gpu"), hint=hint, on_key=True)


def _buckets(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    buckets = sorted(at.mapping("storage", "buckets"))
    for _, pool in _pools(at):
        written = {name for _, name in at.texts(*pool, "writes")}
        for key in ("reads", "writes"):
            for path, name in at.texts(*pool, key):
                if name not in buckets:
                    yield _no_bucket(document, path, name, buckets)
                elif key == "reads" and name in written:
                    message = f"bucket `{name}` is in both `reads` and `writes` of `{dotted(pool)}`"
                    hint = "`writes` includes reading; remove it from `reads`"
                    yield document.diagnostic("GP208", message, path, hint=hint)


def _no_bucket(document: Document, path: Path, name: str, buckets: list[str]) -> Diagnostic:
    hints = [f"buckets: {', '.join(buckets)}" if buckets else "name it under `storage.buckets`"]
    if match := closest(name, buckets):
        hints.insert(0, f"did you mean `{match}`?")
    return document.diagnostic("GP207", f"no bucket `{name}` in `storage.buckets`", path, hint="\n".join(hints))


def _renames(document: Document) -> Iterator[Diagnostic]:
    for kind in _POOLS:
        yield from renames(document, (kind, "pools"))


RULES = (_node_bounds, _needs, _buckets, _renames)
