"""The lock of a rendered environment: what it was made from, what was decided, and which files are groundplan's.

The one type that is written by `render` and read by every command. A lock comes with a pull request like any other
file, so reading trusts nothing: names lead into the folder, everything else is text that is compared or displayed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

import pydantic

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.migrations import migrated
from groundplan.environment.outline import Outline, lock_text
from groundplan.reading import UnreadableError, is_file
from groundplan.stack.assets import Asset, AssetKind, Left, numbers, until
from groundplan.stack.kept import Kept

MOST_LINES = 1_000_000
"""Of a file that a lock points into, and characters of a line."""
_LONGEST_PATH = 1_024


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\0" in name:
        raise ValueError("not a path inside the environment")
    return name


def _of_spec(name: str) -> str:
    path = PurePosixPath(name)
    if path.parts[:1] == ("..",) and path.suffix in (".yaml", ".yml"):
        path = path.relative_to("..")
    if path.is_absolute() or not path.parts or ".." in path.parts or "\0" in name:
        raise ValueError("not a path where a spec or what it extends may be")
    return name


Line = Annotated[int, pydantic.Field(ge=1, le=MOST_LINES, strict=True)]
PathText = Annotated[str, pydantic.Field(max_length=_LONGEST_PATH)]
Name = Annotated[PathText, pydantic.AfterValidator(_inside)]
"""Path of a file relative to the environment, and inside it."""
SpecName = Annotated[PathText, pydantic.AfterValidator(_of_spec)]
"""The same of a file that the spec was read from: where `extends` may lead, a YAML file one folder up included."""


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", defer_build=True)
    """Built when the first lock is read: most commands find none, and start sooner."""


class Call(_Part):
    """A module call of a root and what in the spec asked for it; `file` is relative to the environment."""

    component: str
    path: str
    file: SpecName | None = None
    line: Line | None = None
    column: Line = 1

    @property
    def place(self) -> Place | None:
        """Where the spec asks for it."""
        return Place(self.file, self.line, self.column) if self.file and self.line else None


class Source(_Part):
    """A file the spec was read from, relative to the environment."""

    file: SpecName
    sha256: str


class Spec(_Part):
    """The spec an environment was rendered from, and what it extends."""

    file: Name
    copied: bool = False
    """Whether the render wrote a copy of it into the environment."""
    sources: tuple[Source, ...] = ()


class Location(_Part):
    """Where the environment is."""

    provider: str
    region: str
    account: str = ""
    """Empty in locks of a release that did not say it."""
    environment: str = ""
    """Its name; empty as the account is."""


class Decided(_Part):
    """A decision; a later render keeps its value as long as it fits."""

    path: str
    value: str
    origin: str
    reason: str = ""


_WORD = r"^[a-z][a-z0-9_]{0,120}$"
_KEY = r"^[a-z0-9/_-]*$"
_RELEASE = r"^[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?([a-z0-9.+-]{0,40})$"
_RESOURCE = r'^[a-z][a-z0-9_]{0,80}\.[a-z][a-z0-9_]{0,80}(\["[a-z0-9/_-]{1,120}"\]|\[0\])?$'
Word = Annotated[str, pydantic.Field(pattern=_WORD)]
PlaceKey = Annotated[str, pydantic.Field(pattern=_KEY, max_length=120)]
Release = Annotated[str, pydantic.Field(pattern=_RELEASE)]


class AssetRecord(_Part):
    """Something in the cloud that outlives its name in the spec, as `stack/assets.py` has it."""

    kind: AssetKind
    name: Annotated[str, pydantic.Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9/._-]{0,255}$")]
    path: Annotated[str, pydantic.Field(pattern=r"^[a-z][A-Za-z0-9_.-]{0,255}$")]
    layer: Annotated[str, pydantic.Field(pattern=r"^[0-9]{2}-[a-z-]{1,40}$")]
    call: Word
    key: PlaceKey = ""
    was: Annotated[tuple[PlaceKey, ...], pydantic.Field(max_length=20)] = ()
    resources: tuple[Annotated[str, pydantic.Field(pattern=_RESOURCE)], ...] = ()
    imported: bool = False

    @pydantic.model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        """Names stand in commands that delete for good: none leads to something inside or beside what it names."""
        words = self.name.split("/")
        if not all(words) or {".", ".."} & set(words) or (len(words) > 1 and self.kind in ("bucket", "database")):
            raise ValueError(f"no name of a {self.kind}")
        return self

    @property
    def asset(self) -> Asset:
        """As the other stages know it."""
        return Asset(**self.model_dump())


class LeftRecord(_Part):
    """One that left the spec: `since` and `until` are releases, `back` that it is asked for again."""

    asset: AssetRecord
    since: Release
    until: Release
    back: bool = False

    @pydantic.model_validator(mode="after")
    def _ends(self) -> Self:
        """No render writes a later end; a lock that says one would have it said for ever."""
        if numbers(self.until) > numbers(until(self.since)):
            raise ValueError(f"`until` is later than {until(self.since)}")
        return self


class IgnoredRecord(_Part):
    """A line of `drift.ignore`, and where it stands; `file` as that of a call."""

    name: Annotated[str, pydantic.Field(max_length=100)]
    at: Annotated[str, pydantic.Field(max_length=300)]
    attributes: Annotated[
        tuple[Annotated[str, pydantic.Field(max_length=200)], ...], pydantic.Field(max_length=20)
    ] = ()
    kind: Annotated[str, pydantic.Field(max_length=40)] = ""
    until: date
    reason: Annotated[str, pydantic.Field(max_length=300)]
    file: SpecName | None = None
    line: Line | None = None

    @property
    def place(self) -> Place | None:
        """Where the spec says it."""
        return Place(self.file, self.line) if self.file and self.line else None


class Lock(_Part):
    """`calls` by root and module address, digests by path."""

    format_version: Literal["1"] = "1"
    groundplan: str
    spec: Spec
    cloud: Location
    calls: Mapping[str, Mapping[str, Call]]
    decisions: tuple[Decided, ...]
    modules: Mapping[str, str]
    sealed: tuple[Name, ...] = ()
    """Files that carry their own digest, because their text follows prices."""
    files: Mapping[Name, str]
    assets: tuple[AssetRecord, ...] = ()
    """Empty in locks of a release that did not say it."""
    left: tuple[LeftRecord, ...] = ()
    ignored: Annotated[tuple[IgnoredRecord, ...], pydantic.Field(max_length=50)] = ()
    """What drift is not counted; empty where the spec says nothing, and in locks of a release that did not."""
    _migrations: tuple[str, ...] = pydantic.PrivateAttr(())

    @property
    def migrations(self) -> tuple[str, ...]:
        """What was changed in reading it, because an earlier release had written it in a format of its own."""
        return self._migrations

    @property
    def outline(self) -> Outline:
        """Where the environment is, and which files are groundplan's."""
        cloud, sources = self.cloud, {one.file: one.sha256 for one in self.spec.sources}
        where = (cloud.provider, cloud.region, cloud.account, cloud.environment)
        return Outline(*where, self.files, self.sealed, sources, self.spec.copied)

    @property
    def owned(self) -> frozenset[str]:
        """The files that are groundplan's, without the lock itself and a copy of the spec."""
        return self.outline.owned

    @property
    def copied_spec(self) -> str:
        """Digest of the copy of the spec that the render wrote; empty when the spec was the folder's own."""
        return self.outline.copied_spec

    @property
    def kept(self) -> Kept:
        """What the render decided, for the next one."""
        values = {decision.path: decision.value for decision in self.decisions}
        cloud = self.cloud
        environment = f"{cloud.account} {cloud.environment}" if cloud.account else ""
        assets = tuple(record.asset for record in self.assets)
        left = tuple(Left(one.asset.asset, one.since, one.until, one.back) for one in self.left)
        return Kept(f"{cloud.provider} {cloud.region}", values, environment, assets=assets, left=left)

    def edited(self, name: str, text: str) -> bool:
        """Whether `text` is not what the render wrote as `name`, one of `owned` or the copy of the spec."""
        return self.outline.edited(name, text)

    def text(self) -> str:
        """The lock as it is written."""
        fields = self.model_dump(mode="json")
        if not self.ignored:
            del fields["ignored"]
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def read_lock(folder: Path) -> Lock | None:
    """The folder's lock, None without one. Raises DiagnosticsError (GP402) for one that cannot be read."""
    path = folder / LOCK_FILE
    try:
        return _lock_of(lock_text(folder))
    except UnreadableError as error:
        if error.missing:
            return None
        problem = error.reason if is_file(path) else "not a file"
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        problem = f"{shortened(where)}: {first['msg']}"
    raise DiagnosticsError(
        [
            Diagnostic(
                "GP402",
                f"{LOCK_FILE} cannot be read: {problem}",
                hint="render the environment again, or delete the lock to check the folder as plain Terraform",
                place=Place(str(path), 1),
            )
        ]
    )


def _lock_of(data: bytes) -> Lock:
    try:
        return Lock.model_validate_json(data)
    except pydantic.ValidationError:
        found = migrated(data)
        if found is None:
            raise
    values, words = found
    lock = Lock.model_validate(values)
    lock._migrations = words
    return lock


def last_lock(folder: Path) -> Lock | None:
    """The lock of the last render into `folder`, which may not be there yet; a damaged one counts as none."""
    try:
        return read_lock(folder)
    except DiagnosticsError:
        return None
