"""What the keys of a spec mean together: references and contradictions.

The rules read the raw values and pass over anything absent or of the wrong type, so that they report beside the
problems of single values and not only once those are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from groundplan.components.node_pool.spec import ServingNodes, TrainingNodes
from groundplan.diagnostics import Diagnostic
from groundplan.spec import shape
from groundplan.spec.base import Model
from groundplan.spec.document import Document, Path, dotted
from groundplan.spec.near import closest

_KINDS: dict[str, type[Model]] = {"training": TrainingNodes, "serving": ServingNodes}
_MLFLOW = ("tracking", "mlflow")
_NEEDS = ("vcpus", "memory_gib", "gpu", "local_storage_gib")
_ENOUGH = ("vcpus", "memory_gib", "gpu", "instance_types")
_OF_NEW_NETWORK = ("cidr", "zones", "nat", "flow_logs_retention_days")

_BILLED = (
    "state_store",
    "keys",
    "network",
    "object_store",
    "registry",
    "cluster",
    "node_pool",
    "mlflow",
    "monitoring",
)
"""Components that something is billed for."""
_ALWAYS = ("name", "network", "cluster", "state")
_NEVER_BILLED = ("apiVersion", "budget", "cloud", "labels", "owner")


def broken_rules(document: Document) -> Iterator[Diagnostic]:
    """The findings of all rules."""
    return chain.from_iterable(rule(document) for rule in _RULES)


def get(document: Document, path: Path) -> Any:
    """The value at `path`; None if it is absent."""
    value: Any = document.values
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _mapping(document: Document, path: Path) -> dict[str, Any]:
    value = get(document, path)
    return value if isinstance(value, dict) else {}


def _texts(document: Document, path: Path) -> list[tuple[Path, str]]:
    value = get(document, path)
    items = value if isinstance(value, list) else []
    return [((*path, index), item) for index, item in enumerate(items) if isinstance(item, str)]


def _whole(document: Document, path: Path) -> int | None:
    value = get(document, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _pools(document: Document) -> Iterator[Path]:
    for kind in _KINDS:
        pools = _mapping(document, (kind, "pools"))
        yield from ((kind, "pools", name) for name, pool in pools.items() if isinstance(pool, dict))


def _says_something(document: Document) -> Iterator[Diagnostic]:
    wanted = ("training", "serving", "storage", "registry", "tracking")
    if not any(key in document.values for key in wanted):
        hint = f"add at least one of {', '.join(wanted)}"
        yield document.diagnostic("GP208", "the spec asks for nothing", (), hint=hint)


def _node_bounds(document: Document) -> Iterator[Diagnostic]:
    for pool in _pools(document):
        nodes = (*pool, "nodes")
        fields = _KINDS[str(pool[0])].model_fields
        most, expected = _whole(document, (*nodes, "max")), _whole(document, (*nodes, "expected"))
        given = get(document, (*nodes, "min"))
        least = fields["min"].default if given is None else _whole(document, (*nodes, "min"))
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


def _pool_needs(document: Document) -> Iterator[Diagnostic]:
    for pool in _pools(document):
        keys, name = _mapping(document, pool), dotted(pool)
        if not any(key in keys for key in _ENOUGH) and keys.keys() <= set(shape.keys_at(pool)):
            message, hint = f"`{name}` does not say what its nodes need", f"state at least one of {', '.join(_ENOUGH)}"
            yield document.diagnostic("GP208", message, pool, hint=hint, on_key=True)
        if "instance_types" in keys:
            for key in (key for key in _NEEDS if key in keys):
                message = f"`{name}` states both `instance_types` and `{key}`"
                hint = f"remove `{key}` to use the types as they are, or `instance_types` to have one chosen by needs"
                yield document.diagnostic("GP208", message, (*pool, key), hint=hint, on_key=True)
        gpu = get(document, (*pool, "gpu"))
        if isinstance(gpu, dict) and not {"type", "memory_gib", "total_memory_gib"} & gpu.keys():
            hint = "state `type`, or the `memory_gib` that each device must have"
            message = f"`{name}.gpu` does not say which GPU"
            yield document.diagnostic("GP208", message, (*pool, "gpu"), hint=hint, on_key=True)


def _bucket_references(document: Document) -> Iterator[Diagnostic]:
    buckets = sorted(_mapping(document, ("storage", "buckets")))
    for pool in _pools(document):
        written = {name for _, name in _texts(document, (*pool, "writes"))}
        for key in ("reads", "writes"):
            for path, name in _texts(document, (*pool, key)):
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


def _existing_network(document: Document) -> Iterator[Diagnostic]:
    network = _mapping(document, ("network",))
    if "existing" in network:
        for key in (key for key in _OF_NEW_NETWORK if key in network):
            message = f"`network.{key}` describes a new network, but `network.existing` names one"
            yield document.diagnostic("GP208", message, ("network", key), hint="keep one of them", on_key=True)


def _cluster_without_pools(document: Document) -> Iterator[Diagnostic]:
    if get(document, ("cluster",)) is not None and not _on_cluster(document):
        message = "`cluster` without any pool: no cluster would be made"
        hint = "add pools under `training` or `serving`, or `tracking`, or remove `cluster`"
        yield document.diagnostic("GP208", message, ("cluster",), hint=hint, on_key=True)


def _on_cluster(document: Document) -> bool:
    """Whether anything runs on Kubernetes."""
    serverless = get(document, (*_MLFLOW, "hosting")) == "serverless"
    return any(kind in document.values for kind in _KINDS) or ("tracking" in document.values and not serverless)


def _monitoring_of_nothing(document: Document) -> Iterator[Diagnostic]:
    if "monitoring" in document.values and not _on_cluster(document):
        message = "`monitoring` without a cluster: it runs on one, and watches what runs there"
        hint = "add pools under `training` or `serving`, or remove `monitoring`"
        yield document.diagnostic("GP208", message, ("monitoring",), hint=hint, on_key=True)


def _managed_monitoring(document: Document) -> Iterator[Diagnostic]:
    """The cloud's own service has no disk and no Grafana of ours, and tells people by e-mail."""
    if get(document, ("monitoring", "prometheus", "hosting")) != "managed":
        return
    for path in (("prometheus", "storage_gib"), ("grafana",), ("alerts", "slack"), ("alerts", "pagerduty")):
        whole: Path = ("monitoring", *path)
        if get(document, whole) is not None:
            message = f"`{dotted(whole)}` is for Prometheus on the cluster"
            hint = "remove it, or set `hosting: kubernetes`"
            yield document.diagnostic("GP208", message, whole, hint=hint, on_key=True)
    if get(document, ("monitoring", "alerts", "email")) is None:
        message = "managed monitoring needs somebody to tell"
        hint = "add `monitoring.alerts.email`"
        yield document.diagnostic("GP208", message, ("monitoring", "prometheus", "hosting"), hint=hint)


def _tracking_address(document: Document) -> Iterator[Diagnostic]:
    """A name and its certificate come together; whoever connects by them is outside the cluster."""
    said, cloud = _mapping(document, _MLFLOW), get(document, ("cloud", "provider"))
    has_host = "host" in said
    blocks = [key for key, value in said.items() if isinstance(value, dict) and "certificate" in value]
    has_certificate = cloud in blocks
    hint = f"add `host`, and the certificate for it under `{cloud}.certificate`: passwords cross that connection"
    if said.get("hosting") == "serverless" and not (has_host and has_certificate):
        message = "a serverless tracking server is reached by a name with a certificate"
        yield document.diagnostic("GP208", message, (*_MLFLOW, "hosting"), hint=hint)
    elif has_host and not has_certificate:
        yield document.diagnostic("GP208", "a name needs its certificate", (*_MLFLOW, "host"), hint=hint, on_key=True)
    elif blocks and not has_host:
        message = "a certificate needs the name it is for"
        yield document.diagnostic("GP208", message, (*_MLFLOW, blocks[0]), hint=hint, on_key=True)
    if "client_cidrs" in said and not has_host:
        message = "`client_cidrs` says who may connect by `host`, and there is none"
        yield document.diagnostic("GP208", message, (*_MLFLOW, "client_cidrs"), hint=hint, on_key=True)


def _bucket_ages(document: Document) -> Iterator[Diagnostic]:
    for name in _mapping(document, ("storage", "buckets")):
        bucket: Path = ("storage", "buckets", name)
        archive, expire = (_whole(document, (*bucket, f"{what}_after_days")) for what in ("archive", "expire"))
        if archive is not None and expire is not None and expire <= archive:
            message = f"`{dotted(bucket)}`: objects expire after {expire} days, but are archived only after {archive}"
            hint = "make expire_after_days more than archive_after_days, or remove archive_after_days"
            yield document.diagnostic("GP208", message, (*bucket, "expire_after_days"), hint=hint)
        retention: Path = (*bucket, "retention_days")
        if get(document, (*bucket, "versioning")) is False and get(document, retention) is not None:
            message = f"`{dotted(retention)}` does nothing without versioning"
            hint = "remove it, or `versioning: false`"
            yield document.diagnostic("GP208", message, retention, hint=hint, on_key=True)


def _state_bucket(document: Document) -> Iterator[Diagnostic]:
    if get(document, ("state", "backend")) == "local" and get(document, ("state", "bucket")) is not None:
        hint = "remove it, or write `backend: remote`"
        message = "`state.bucket` does nothing with a local backend"
        yield document.diagnostic("GP208", message, ("state", "bucket"), hint=hint, on_key=True)


def _budget_parts(document: Document) -> Iterator[Diagnostic]:
    """A part is a place that the spec has, a section that is always there, or a component."""
    for part in _mapping(document, ("budget", "components")):
        if part in (*_BILLED, *_ALWAYS) or get(document, tuple(str(part).split("."))) is not None:
            continue
        places = {dotted(path) for path in document.places if path[0] not in _NEVER_BILLED}
        near = closest(str(part), [*_BILLED, *sorted(places)])
        suggestion = f"did you mean `{near}`? " if near else ""
        hint = f"{suggestion}a place in the spec such as `training`, or one of {', '.join(_BILLED)}"
        message = f"`{part}` is no part of this spec and no component"
        yield document.diagnostic("GP207", message, ("budget", "components", part), hint=hint, on_key=True)


def _listed_twice(document: Document) -> Iterator[Diagnostic]:
    lists = sorted({path[:-1] for path in document.places if isinstance(path[-1], int)}, key=str)
    for path in lists:
        seen: set[str] = set()
        for item, text in _texts(document, path):
            if text in seen:
                message = f"`{text}` is listed twice in `{dotted(path)}`"
                yield document.diagnostic("GP208", message, item, hint="keep one")
            seen.add(text)


_RULES: tuple[Callable[[Document], Iterator[Diagnostic]], ...] = (
    _says_something,
    _node_bounds,
    _pool_needs,
    _bucket_references,
    _existing_network,
    _cluster_without_pools,
    _monitoring_of_nothing,
    _managed_monitoring,
    _tracking_address,
    _bucket_ages,
    _state_bucket,
    _budget_parts,
    _listed_twice,
)
