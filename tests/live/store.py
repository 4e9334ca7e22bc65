"""What is in the test cloud: a JSON file for each object, which a test may edit or remove as if by hand."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Values = dict[str, Any]
_BYTES = "$bytes"


@dataclass(frozen=True)
class Object:
    """One object: its key, which Terraform has in the private part of its state, and its attributes."""

    type: str
    key: str
    values: Values

    def has(self, where: Mapping[str, Any]) -> bool:
        """Whether its attributes have these values."""
        return all(self.values.get(name) == value for name, value in where.items())


@dataclass(frozen=True)
class Store:
    """The objects, `<type>/<key>.json` below a folder. Whoever reads sees an object as it was or as it is."""

    folder: Path

    def put(self, kind: str, values: Values, key: str | None = None) -> str:
        """Makes an object or changes one; gives its key."""
        key = key or uuid.uuid4().hex
        file = self._file(kind, key)
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{uuid.uuid4().hex}")
        draft.write_text(json.dumps(values, indent=1, default=_tagged), encoding="utf-8")
        draft.replace(file)
        return key

    def get(self, kind: str, key: str) -> Values | None:
        """The attributes of an object, None when it is gone."""
        try:
            return _read(self._file(kind, key))
        except FileNotFoundError:
            return None

    def changed(self, one: Object) -> int:
        """When an object was made or changed last, in nanoseconds."""
        return self._file(one.type, one.key).stat().st_mtime_ns

    def remove(self, kind: str, key: str) -> None:
        """Removes an object; nothing when it is gone already."""
        self._file(kind, key).unlink(missing_ok=True)

    def objects(self, kind: str = "*", **where: Any) -> list[Object]:
        """The objects of a type, or all, whose attributes have these values."""
        found = (Object(file.parent.name, file.stem, _read(file)) for file in self._files(kind))
        return [one for one in found if one.has(where)]

    def count(self, kind: str = "*") -> int:
        """How many objects there are."""
        return sum(1 for _ in self._files(kind))

    def edit(self, kind: str, where: Mapping[str, Any], **changes: Any) -> None:
        """Drift: the one object that `where` tells gets other values, as in a console."""
        one = self._one(kind, where)
        self.put(kind, {**one.values, **changes}, one.key)

    def lose(self, kind: str, **where: Any) -> None:
        """Drift: the one object that `where` tells is deleted, as in a console."""
        self.remove(kind, self._one(kind, where).key)

    def _one(self, kind: str, where: Mapping[str, Any]) -> Object:
        (one,) = self.objects(kind, **where)
        return one

    def _files(self, kind: str) -> Iterator[Path]:
        return self.folder.glob(f"{kind}/*.json")

    def _file(self, kind: str, key: str) -> Path:
        return self.folder / kind / f"{key}.json"


def _read(file: Path) -> Values:
    values: Values = json.loads(file.read_text("utf-8"), object_hook=_untagged)
    return values


def _tagged(value: Any) -> Any:
    """The type of a dynamic value comes as bytes."""
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{value!r} is no value of an object")


def _untagged(value: Values) -> Any:
    return base64.b64decode(value[_BYTES]) if value.keys() == {_BYTES} else value
