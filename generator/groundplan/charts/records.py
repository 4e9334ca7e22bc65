"""Which archive a folder's charts are: one file with the digest of each, the lock of charts, and the vendored archives.

The file stands beside the lock of the environment, as Terraform's `.terraform.lock.hcl` does: a network writes the one,
a render the other, and any folder of Terraform may have it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import pydantic

from groundplan.charts.releases import ChartName
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.reading import MIB, UnreadableError, read_regular

CHARTS_FILE = "groundplan.charts.json"
VENDORED = "charts"
"""The folder of vendored archives."""

_BYTES = MIB
_DIGITS = 8
_Text = Annotated[str, pydantic.Field(max_length=500, pattern=r"^[!-~]+$")]
_Digest = Annotated[str, pydantic.Field(pattern=r"^[0-9a-f]{64}$")]


class Record(pydantic.BaseModel):
    """A chart and the digest of its archive; `vendored` where the archive lies in the folder."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", defer_build=True)
    repository: _Text
    chart: _Text
    version: _Text
    sha256: _Digest
    vendored: bool = False

    @pydantic.model_validator(mode="after")
    def _names_a_chart(self) -> Record:
        """The name becomes that of a file."""
        if self.name.problem:
            raise ValueError(self.name.problem)
        return self

    @property
    def name(self) -> ChartName:
        """The chart."""
        return ChartName(self.repository, self.chart, self.version)

    @property
    def file(self) -> str:
        """Where its archive is vendored, relative to the folder: repositories may have charts of the same name."""
        return f"{VENDORED}/{self.chart}-{self.version}-{self.sha256[:_DIGITS]}.tgz"


class _File(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", defer_build=True)
    format_version: Literal["1"] = "1"
    charts: Annotated[tuple[Record, ...], pydantic.Field(max_length=1_000)] = ()


Records = dict[ChartName, Record]


def read_records(folder: Path) -> Records:
    """Those of the folder, none without the file. Raises DiagnosticsError (GP402) for one that cannot be read."""
    path = folder / CHARTS_FILE
    try:
        text = read_regular(path, limit_bytes=_BYTES, within=folder)
        return {record.name: record for record in _File.model_validate_json(text).charts}
    except UnreadableError as error:
        if error.missing:
            return {}
        problem = error.reason
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        problem = f"{shortened(where)}: {first['msg']}"
    message = f"{CHARTS_FILE} cannot be read: {problem}"
    hint = "restore it, or delete it and pull the charts again"
    raise DiagnosticsError([Diagnostic("GP402", message, hint=hint, place=Place(str(path), 1))])


def records_text(records: Iterable[Record]) -> str:
    """The file as it is written."""
    charts = [record.model_dump(mode="json") for record in sorted(records, key=lambda record: record.name)]
    return json.dumps({"format_version": "1", "charts": charts}, indent=2) + "\n"
