"""Charts rendered and proven in a process of its own: one request on stdin, one answer on stdout, both JSON.

It runs behind walls, without a network, in bounds of time and memory: a chart's templates are a program.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundplan.charts.documents import ChartError, documents, from_yaml
from groundplan.charts.ignored import Path as Leaf
from groundplan.charts.ignored import Rendering, ignored
from groundplan.charts.parts import LargeError, Parts, parts_of
from groundplan.charts.schemas import Mistake, Schemas, as_list, as_map

Object = Mapping[str, Any]
_CRD = "CustomResourceDefinition"
_KIND_OF_CRD = re.compile(r"^    kind: ['\"]?(\w+)", re.MULTILINE)
_GROUP_OF_CRD = re.compile(r"^  group: ['\"]?([\w.-]+)", re.MULTILINE)
_VERSION_OF_CRD = re.compile(r"^(?:  - |    )name: ['\"]?(v\d\w*)", re.MULTILINE)
_FILES = re.compile(r"^---", re.MULTILINE)
_TEST_HOOK = re.compile(r"\btest(-success|-failure)?\b")
_HOOK = "helm.sh/hook"
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What code raises that meets another shape than it knows."""


def main() -> int:
    """Answers the one request."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.read())
    answer.write(json.dumps(proven(request)))
    answer.flush()
    return 0


@dataclass
class _Release:
    """One of the request, and what has become of it."""

    asked: Mapping[str, Any]
    chart: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    refused: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    objects: list[tuple[str, Object]] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    mistakes: list[list[Mistake] | None] = field(default_factory=list)
    ignored: tuple[list[Leaf], list[Leaf], list[Leaf]] = ([], [], [])

    @property
    def rendered(self) -> str | None:
        """What the program of Helm has rendered, where that was asked."""
        return self.asked.get("text")


def proven(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be said of each release: what it renders, and what is wrong with it."""
    releases = [_Release(asked) for asked in request["releases"]]
    for release in releases:
        _step(release, _load)
    crds = [text for release in releases for text in release.definitions]
    apis = sorted({api for text in crds for api in _apis_of(text)})
    for release in releases:
        _step(release, lambda one: _render(one, request["version"], apis))
    apis = _render_again(releases, request["version"], apis)
    schemas = _schemas(request, releases, crds)
    for release in releases:
        _step(release, lambda one: _hold(one, schemas))
        _step(release, lambda one: _look_for_ignored(one, request["version"], apis))
    return {"releases": [_answer(release) for release in releases]}


def _step(release: _Release, step: Callable[[_Release], None]) -> None:
    """What goes wrong in a step is the error of its release alone: the others go on."""
    if release.error:
        return
    try:
        step(release)
    except ChartError as error:
        release.error = str(error) or "Helm does not say why"
    except _UNREADABLE as error:
        release.error = f"it cannot be read: {type(error).__name__}"


def _load(release: _Release) -> None:
    from groundplan.charts.helm import Chart, merged, set_to

    if release.rendered is not None:
        return
    given = [from_yaml(text) for text in release.asked["values"]]
    if not all(isinstance(one, dict) or one is None for one in given):
        raise ChartError("its values are no map")
    sets = [set_to(text, kind) for kind, text in release.asked["sets"]]
    release.values = merged([*(one or {} for one in given), *sets])
    release.chart = Chart(folder=release.asked["chart"])
    release.definitions = [document for text in release.chart.definitions for document in _FILES.split(text)]


def _render(release: _Release, version: str, apis: Sequence[str]) -> None:
    if release.rendered is not None:
        release.objects = list(_objects({"": release.rendered}))
        return
    try:
        release.chart.refuse(release.values)
    except ChartError as error:
        release.refused = str(error)
    release.templates = release.chart.render(release.values, _into(release, version, apis))
    release.objects = list(_objects(release.templates))


def _into(release: _Release, version: str, apis: Sequence[str]) -> Any:
    from groundplan.charts.helm import Into

    return Into(release.asked["name"], release.asked["namespace"], version, tuple(apis))


def _render_again(releases: Sequence[_Release], version: str, apis: Sequence[str]) -> list[str]:
    """Where releases render definitions, all are rendered once more: charts may ask whether these are there."""
    made = {api for one in releases for _, item in one.objects if item.get("kind") == _CRD for api in _apis(item)}
    every = sorted({*apis, *made})
    if made - set(apis):
        for release in releases:
            _step(release, lambda one: _render(one, version, every))
    return every


def _objects(templates: Mapping[str, str]) -> Iterator[tuple[str, Object]]:
    """The objects that a release makes, each with its template; those of `helm test` are not among them."""
    for name in sorted(templates):
        for text in documents(templates[name]):
            try:
                item = from_yaml(text)
            except ChartError as error:
                raise ChartError(f"{name} renders what is not YAML: {error}") from None
            if not item:
                continue
            for one in _items(name, item):
                _require_object(name, one)
                if not _is_test(one):
                    yield name, one


def _items(name: str, item: Any) -> list[Any]:
    """An object, or what a list of the kind List holds."""
    if not isinstance(item, dict) or item.get("kind") != "List":
        return [item]
    items = item.get("items")
    if not isinstance(items, list | None):
        raise ChartError(f"{name} renders a List whose items are no list")
    return items or []


def _require_object(name: str, item: Any) -> None:
    """Raises ChartError for what has not the parts that every object has, or has something else in their place."""
    named = isinstance(item, dict) and all(isinstance(item.get(key), str) for key in ("kind", "apiVersion"))
    if not named or not (item["kind"] and item["apiVersion"]):
        raise ChartError(f"{name} renders something without apiVersion and kind")
    metadata = item.get("metadata")
    if not isinstance(metadata, dict | None):
        raise ChartError(f"{name} renders a {item['kind']} whose metadata is no map")
    if not isinstance((metadata or {}).get("annotations"), dict | None):
        raise ChartError(f"{name} renders a {item['kind']} whose annotations are no map")


def _is_test(item: Object) -> bool:
    hook = as_map(as_map(item.get("metadata")).get("annotations")).get(_HOOK, "")
    return bool(_TEST_HOOK.search(str(hook)))


def _apis(definition: Object) -> set[str]:
    spec = as_map(definition.get("spec"))
    kind = as_map(spec.get("names")).get("kind")
    groups = {f"{spec.get('group')}/{as_map(one).get('name')}" for one in as_list(spec.get("versions"))}
    return {api for group in groups for api in (group, f"{group}/{kind}")}


def _apis_of(text: str) -> set[str]:
    """The same of a definition that is not read as a whole: those of large operators have megabytes."""
    groups, kinds = _GROUP_OF_CRD.findall(text), _KIND_OF_CRD.findall(text)
    versions = {f"{groups[0]}/{version}" for version in _VERSION_OF_CRD.findall(text)} if groups else set()
    return {api for version in versions for api in (version, *(f"{version}/{kind}" for kind in kinds))}


def _schemas(request: Mapping[str, Any], releases: Sequence[_Release], crds: Sequence[str]) -> Schemas | None:
    """With the definitions of the kinds that are rendered; None where there are no schemas of this version."""
    if not request["schemas"]:
        return None
    schemas = Schemas(request["schemas"])
    every = [item for release in releases for _, item in release.objects]
    kinds = {str(item["kind"]) for item in every}
    for text in crds:
        if kinds & set(_KIND_OF_CRD.findall(text)):
            with contextlib.suppress(ChartError):  # without its schema, objects of its kind are told as not checked
                schemas.define(from_yaml(text))
    for item in every:
        if item["kind"] == _CRD:
            schemas.define(item)
    return schemas


def _hold(release: _Release, schemas: Schemas | None) -> None:
    """Holds its objects to their schemas."""
    release.mistakes = [schemas.mistakes(item) if schemas else None for _, item in release.objects]


def _look_for_ignored(release: _Release, version: str, apis: Sequence[str]) -> None:
    release.ignored = _ignored(release, version, apis)


def _answer(release: _Release) -> dict[str, Any]:
    without, unknown, asking = release.ignored
    looked = release.rendered is None
    objects = zip(release.objects, release.mistakes, strict=True) if not release.error else ()
    return {
        "error": release.error,
        "refused": release.refused,
        "objects": [_object(template, item, mistakes) for (template, item), mistakes in objects],
        "ignored": [_shown(leaf) for leaf in without] if looked else None,
        "unknown": [_shown(leaf) for leaf in unknown],
        "asking": [_shown(leaf) for leaf in asking],
    }


def _object(template: str, item: Object, mistakes: Sequence[Mistake] | None) -> dict[str, Any]:
    told = None if mistakes is None else [[one.path, one.message] for one in mistakes]
    return {"template": template, "object": item, "mistakes": told}


def _ignored(release: _Release, version: str, apis: Sequence[str]) -> tuple[list[Leaf], list[Leaf], list[Leaf]]:
    """What changes nothing, what was not looked at, and what may matter to templates that ask a cluster."""
    if release.refused or not release.values:
        return [], [], []
    into = _into(release, version, apis)

    def rendering(chart: Any) -> Rendering:
        def render(values: dict[str, Any]) -> Mapping[str, str] | None:
            try:
                templates: Mapping[str, str] = chart.render(values, into)
            except ChartError:
                return None
            return templates

        return render

    cut = _Cut(release.asked["chart"], rendering)
    whole = release.chart.whole(release.values)
    without, unknown = ignored(release.values, whole, rendering(release.chart), cut)
    asking = [leaf for leaf in without if cut.asks_cluster(leaf)]
    return [leaf for leaf in without if leaf not in asking], unknown, asking


class _Cut:
    """Parts of one chart, by the keys that their templates name."""

    def __init__(self, path: str, rendering: Callable[[Any], Rendering]) -> None:
        self._rendering = rendering
        try:
            self._parts: Parts | None = parts_of(Path(path))
        except (LargeError, OSError, tarfile.TarError, zlib.error, EOFError):
            self._parts = None  # Helm has read it, and says what is wrong with it

    def asks_cluster(self, leaf: Leaf) -> bool:
        """Whether what the templates do with a value may depend on what is in the cluster."""
        keys = [key for key in leaf if isinstance(key, str)]
        return self._parts is not None and bool(keys) and self._parts.asks_cluster(keys[-1])

    def __call__(self, keys: tuple[str, ...]) -> Rendering | None:
        from groundplan.charts.helm import Chart

        archive = self._parts.naming(keys) if self._parts else None
        if archive is None:
            return None
        try:
            return self._rendering(Chart(archive))
        except ChartError:
            return None


def _shown(leaf: Leaf) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in leaf).removeprefix(".")


if __name__ == "__main__":
    sys.exit(main())
