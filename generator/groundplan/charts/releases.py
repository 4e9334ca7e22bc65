"""The Helm releases that plans make, and the charts that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_EXACT = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_RELEASE = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_LONGEST_RELEASE = 53
"""Both as Helm has them: https://github.com/helm/helm/blob/main/pkg/chart/v2/util/validate_name.go."""
_NAMESPACE = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_CREDENTIALS = re.compile(r"(?<=://)[^/?#]*@")


@dataclass(frozen=True, slots=True, order=True)
class ChartName:
    """A chart of a repository: what a release names, and what a pull fetches.

    `repository` is `https://…` or `oci://…`.
    """

    repository: str
    chart: str
    version: str

    @property
    def problem(self) -> str:
        """Why no archive can be told to be this one; empty where it can."""
        if not self.repository.startswith(("https://", "http://", "oci://")):
            return "it names no repository"
        if _CREDENTIALS.search(self.repository):
            return "its address holds credentials"
        if not _NAME.fullmatch(self.chart):
            return "its chart has no name that a repository could have"
        return "" if _EXACT.fullmatch(self.version) else "its version is not exact"

    @property
    def shown(self) -> ChartName:
        """It as it may be told: without credentials in its address."""
        return ChartName(_CREDENTIALS.sub("", self.repository), _CREDENTIALS.sub("", self.chart), self.version)

    def __str__(self) -> str:
        return f"{_CREDENTIALS.sub('', self.chart)} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Release:
    """A `helm_release` as it is planned."""

    root: str
    address: str
    name: str
    namespace: str
    chart: ChartName
    values: tuple[str, ...] = ()
    """YAML, the later over the earlier."""
    sets: tuple[tuple[str, str], ...] = ()
    """What `set` blocks say over the values: a type of Helm's (`auto`, `string`, `literal`) and `name=value`."""
    unknown: tuple[str, ...] = ()
    """Arguments that only an apply knows."""

    @property
    def problem(self) -> str:
        """Why Helm takes no release of this name; empty where it does."""
        if len(self.name) > _LONGEST_RELEASE or not _RELEASE.fullmatch(self.name):
            return f"its name is none that Helm takes: {self.name!r}"
        return "" if _NAMESPACE.fullmatch(self.namespace) else f"its namespace has no valid name: {self.namespace!r}"

    @property
    def local(self) -> str | None:
        """The chart's folder or archive, relative to the root; None for one of a repository."""
        return self.chart.chart if not self.chart.repository else None


def releases(plans: Mapping[str, Mapping[str, Any]]) -> list[Release]:
    """The releases that stand after the plans, by root."""
    return [release for root, plan in plans.items() for release in _of_plan(root, plan)]


def charts_of(planned: Sequence[Release]) -> list[ChartName]:
    """The charts of repositories among them, each once."""
    return sorted({release.chart for release in planned if release.local is None})


_READ = ("name", "namespace", "repository", "chart", "values", "set", "set_list", "set_sensitive", "set_wo")
"""What decides about a release, but for `version`: the provider fills in the newest where the source has none."""


def _of_plan(root: str, plan: Mapping[str, Any]) -> Iterator[Release]:
    for change in plan.get("resource_changes", ()):
        after = change.get("change", {}).get("after")
        if change.get("type") == "helm_release" and change.get("mode") == "managed" and isinstance(after, dict):
            yield _release(root, change["address"], after, change["change"].get("after_unknown") or {})


def _release(root: str, address: str, after: Mapping[str, Any], unknown: Mapping[str, Any]) -> Release:
    return Release(
        root=root,
        address=address,
        name=_text(after.get("name")),
        namespace=_text(after.get("namespace")) or "default",
        chart=_chart(after),
        values=tuple(text for text in after.get("values") or () if isinstance(text, str)),
        sets=tuple(_sets(after)),
        unknown=tuple(name for name in _READ if _any(unknown.get(name)) or (name == "set_wo" and after.get(name))),
    )


def _chart(after: Mapping[str, Any]) -> ChartName:
    """What `chart` and `repository` say: the name may hold the repository, as Helm takes it."""
    repository, chart, version = (_text(after.get(name)) for name in ("repository", "chart", "version"))
    if chart.startswith("oci://"):
        repository, _, chart = chart.rpartition("/")
    return ChartName(repository.rstrip("/"), chart, version)


def _sets(after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for block in (*(after.get("set") or ()), *(after.get("set_sensitive") or ())):
        yield _text(block.get("type")) or "auto", f"{_text(block.get('name'))}={_text(block.get('value'))}"
    for block in after.get("set_list") or ():
        yield "auto", f"{_text(block.get('name'))}={{{','.join(map(_text, block.get('value') or ()))}}}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _any(unknown: object) -> bool:
    """Whether anything is unknown: plans mark attributes, and elements of lists and maps."""
    if isinstance(unknown, dict):
        return any(map(_any, unknown.values()))
    return any(map(_any, unknown)) if isinstance(unknown, list) else unknown is True
