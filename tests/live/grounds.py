"""What is killed, and the account that it begins in: put back as it was between two kills."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.live.kills import words
from tests.live.world import NAME, Ran, World

STATE, FOUNDATION = "00-state", "10-foundation"
_WORDS = ("--allow", "destroys-data", "--allow", "cannot-be-undone")
"""That destroying takes."""


class Stage(StrEnum):
    """Of an environment's life."""

    FIRST = "first"
    """The first apply, which makes the state bucket and moves its own state there."""
    APPLY = "apply"
    """Of a root into a bucket that is there."""
    CHANGE = "change"
    """Of a root that is applied: makes, changes, replaces and destroys."""
    DESTROY = "destroy"


@dataclass(frozen=True)
class Account:
    """What is in the cloud and in the state bucket."""

    objects: Mapping[str, bytes]
    """By their paths in the store."""
    states: Mapping[str, bytes]
    buckets: frozenset[str]

    @classmethod
    def of(cls, operator: World) -> Account:
        """As it is now."""
        store = operator.cloud.store.folder
        files = {str(file.relative_to(store)): file.read_bytes() for file in store.glob("*/*.json")}
        states = {root: data for root in (STATE, FOUNDATION) if (data := _state(operator, root))}
        return cls(files, states, frozenset(operator.bucket_names()))

    def back(self, operator: World) -> None:
        """Makes it so again."""
        operator.cloud.fail()
        store = operator.cloud.store.folder
        for file in store.glob("*/*.json"):
            if str(file.relative_to(store)) not in self.objects:
                file.unlink()
        for name, data in self.objects.items():
            if not (file := store / name).exists() or file.read_bytes() != data:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        self._buckets_back(operator)
        shutil.rmtree(operator.home / ".local" / "state", ignore_errors=True)
        for root in (STATE, FOUNDATION):
            for left in ("errored.tfstate", "errored.tfstate.written", "terraform.tfstate"):
                (operator.folder / root / left).unlink(missing_ok=True)

    def _buckets_back(self, operator: World) -> None:
        if not self.buckets:
            operator.empty_storage()
            return
        operator.remove_buckets(operator.bucket_names() - self.buckets)
        for name in self.buckets - operator.bucket_names():
            operator.make_plain_bucket(name)
        for key in operator.keys(f"{NAME}/groundplan/journal/"):
            operator.delete(key)
        for root in (STATE, FOUNDATION):
            if operator.get(operator.lock_key(root)) is not None:
                operator.delete(operator.lock_key(root))
            if root not in self.states:
                operator.delete(operator.state_key(root))
            elif operator.get(operator.state_key(root)) != self.states[root]:
                operator.put(operator.state_key(root), self.states[root])


@dataclass
class Ground:
    """An account in which a stage begins, to which a test returns between two kills."""

    operator: World
    stage: Stage
    start: Account
    changes: int = 0
    """Objects that are made, changed or gone at the end of the stage."""
    objects: int = 0
    """That are there then."""
    _marks: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def made(cls, operator: World, stage: Stage = Stage.APPLY, changed: Path | None = None) -> Ground:
        """Goes to where the stage begins, plays it once and goes back; `changed` is the folder of a change."""
        if stage is Stage.FIRST:
            ground = cls(operator, stage, Account({}, {}, frozenset()))
        else:
            _well(operator, words(operator, "--root", STATE))
            if stage in (Stage.CHANGE, Stage.DESTROY):
                _well(operator, words(operator, "--root", FOUNDATION))
            ground = cls(operator, stage, Account.of(operator))
        if changed is not None:
            _replaced(operator.folder, changed)
        ground.again()
        ground.well()
        operator.good(ground.root, "init", "-input=false", "-reconfigure")
        ground.changes, ground.objects = ground.changed(), operator.cloud.store.count()
        ground.again()
        return ground

    @property
    def root(self) -> str:
        """That the stage is about."""
        return STATE if self.stage is Stage.FIRST else FOUNDATION

    def words(self, *arguments: str) -> list[str]:
        """The command that is killed, and that goes on."""
        root = () if "--resume" in arguments else ("--root", self.root)
        if self.stage is Stage.DESTROY:
            return words(self.operator, *root, *_WORDS, command="destroy")
        return words(self.operator, *root, *arguments)

    def run(self, *arguments: str) -> Ran:
        """That command, to its end."""
        return self.operator.ended(self.operator.start_words(self.words(*arguments), cwd=self.operator.folder))

    def well(self) -> None:
        """The same, which has to end well."""
        _well(self.operator, self.words())

    def again(self) -> None:
        """Goes back to where the stage begins."""
        self.start.back(self.operator)
        self._marks = self._now()

    def changed(self) -> int:
        """Objects that are made, changed or gone since then."""
        now = self._now()
        return sum(self._marks.get(name) != now.get(name) for name in self._marks.keys() | now.keys())

    def _now(self) -> dict[str, int]:
        found = {}
        for file in self.operator.cloud.store.folder.glob("*/*.json"):
            try:
                found[f"{file.parent.name}/{file.name}"] = file.stat().st_mtime_ns
            except FileNotFoundError:
                continue
        return found

    @cached_property
    def kept(self) -> frozenset[str]:
        """Keys of objects that other roots have."""
        others = [data for root, data in self.start.states.items() if root != self.root]
        return frozenset(key for data in others for key in _keys(data))

    def states(self) -> Sequence[Mapping[str, Any]]:
        """All that is written down of the root: in the bucket, in files of this machine, in `errored.tfstate`."""
        operator = self.operator
        places = [operator.home / ".local" / "state", operator.folder / self.root]
        files = [file for place in places for file in place.rglob("*.tfstate") if ".data" not in file.parts]
        texts = [_state(operator, self.root), *(file.read_bytes() for file in files)]
        return [json.loads(text) for text in texts if text]

    def unrecorded(self) -> Sequence[str]:
        """Types of the objects that are in the cloud and in no state."""
        recorded = {key for state in self.states() for key in _keys_of(state)}
        there = self.operator.cloud.store.objects()
        return sorted(one.type for one in there if one.key not in self.kept | recorded)

    def in_bucket(self) -> Mapping[str, Any]:
        """The state of the root where it belongs; empty where there is none."""
        found: dict[str, Any] = json.loads(_state(self.operator, self.root) or b"{}")
        return found

    def is_locked(self) -> bool:
        """Whether somebody holds the state in the bucket."""
        operator = self.operator
        return operator.bucket in operator.bucket_names() and operator.get(operator.lock_key(self.root)) is not None


def _well(operator: World, command: Sequence[str]) -> None:
    ran = operator.ended(operator.start_words(command, cwd=operator.folder))
    assert ran.code == 0, ran.output


def _state(operator: World, root: str) -> bytes | None:
    return operator.get(operator.state_key(root)) if operator.bucket in operator.bucket_names() else None


def _keys(data: bytes) -> set[str]:
    return _keys_of(json.loads(data))


def _keys_of(state: Mapping[str, Any]) -> set[str]:
    instances = [one for resource in state.get("resources") or () for one in resource["instances"]]
    return {base64.b64decode(one["private"]).decode() for one in instances if one.get("private")}


def _replaced(folder: Path, by: Path) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    shutil.copytree(by, folder, dirs_exist_ok=True)
