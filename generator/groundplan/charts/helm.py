"""Helm as a library. Only this module imports it, and only behind walls: what a chart's templates take is not bounded.

Of the C interface of helm-python-sdk 0.2.2, `helm_render` takes the version of Kubernetes and further API versions. The
Python side of the package passes neither on, so that release is pinned, and the interface is called as it calls it.
"""

from __future__ import annotations

import ctypes
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helm_python import _native
from helm_python.errors import HelmError

from groundplan.charts.documents import ChartError

Values = dict[str, Any]
Templates = dict[str, str]
"""What each template renders to, by its path; without the notes for people."""

_NOTES = "/NOTES.txt"


@dataclass(frozen=True, slots=True)
class Into:
    """What a release is rendered for."""

    name: str
    namespace: str
    kube_version: str
    api_versions: tuple[str, ...] = ()


class Chart:
    """A chart in memory."""

    def __init__(self, archive: bytes | None = None, folder: str = "") -> None:
        """From an archive, else from a folder or a file."""
        if archive is None:
            self._handle = _called(_native.call_handle, "helm_chart_load", folder)
        else:
            data = (ctypes.c_uint8 * len(archive)).from_buffer_copy(archive)
            self._handle = _called(_native.call_handle, "helm_chart_load_archive", data, len(archive))

    def close(self) -> None:
        """Gives its memory back."""
        _called(_native.call_status, "helm_chart_free", self._handle)

    @property
    def definitions(self) -> list[str]:
        """The files of `crds/`, of its own and of its dependencies."""
        found = json.loads(_called(_native.call_string, "helm_chart_crds", self._handle)) or ()
        return [one["data"] for one in found]

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What Chart.yaml says."""
        found: Mapping[str, Any] = json.loads(_called(_native.call_string, "helm_chart_metadata", self._handle))
        return found

    def refuse(self, values: Values) -> None:
        """Raises ChartError for values that a `values.schema.json` refuses, of its own or of a dependency."""
        _called(_native.call_status, "helm_schema_validate", self._handle, json.dumps(values))

    def whole(self, values: Values) -> Values:
        """The values over its own."""
        merged = _called(_native.call_string, "helm_chart_merge_values", self._handle, json.dumps(values))
        whole: Values = json.loads(merged)
        return whole

    def render(self, values: Values, into: Into) -> Templates:
        """What its templates give, without a cluster."""
        options = {"name": into.name, "namespace": into.namespace, "kube_version": f"v{into.kube_version}.0"}
        asked = json.dumps({**options, "api_versions": list(into.api_versions)})
        text = _called(_native.call_string, "helm_render", self._handle, json.dumps(values), asked)
        found: Templates = json.loads(text)
        return {name: text for name, text in found.items() if not name.endswith(_NOTES)}


def set_to(expression: str, kind: str) -> Values:
    """What `--set` says, or `--set-string` or `--set-literal` where `kind` is `string` or `literal`."""
    function = "helm_strvals_parse_string" if kind in ("string", "literal") else "helm_strvals_parse"
    text = _literally(expression) if kind == "literal" else expression
    found: Values = json.loads(_called(_native.call_string, function, text))
    return found


def _literally(expression: str) -> str:
    """The `--set-string` that says the same: to a literal, backslashes, commas and braces are letters."""
    name, equals, value = expression.partition("=")
    return re.sub(r"([\\,])", r"\\\1", name) + equals + re.sub(r"([\\,{}])", r"\\\1", value)


def merged(values: Sequence[Values]) -> Values:
    """The later over the earlier, as Helm merges the files that it is given."""
    whole: Values = {}
    for one in values:
        whole = _over(whole, one)
    return whole


def _over(base: Values, over: Values) -> Values:
    inner = {key: _over(base[key], value) for key, value in over.items() if _are_maps(base.get(key), value)}
    return {**base, **over, **inner}


def _are_maps(base: object, over: object) -> bool:
    return isinstance(base, dict) and isinstance(over, dict)


def _called(function: Any, name: str, *arguments: Any) -> Any:
    try:
        return function(name, *arguments)
    except HelmError as error:
        raise ChartError(" ".join(str(error).split())) from None
