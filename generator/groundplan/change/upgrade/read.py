"""What two environments are made of, read from their locks and their modules, and how it differs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from groundplan.change.upgrade.changelog import lines_between
from groundplan.change.upgrade.model import Difference, Part, Upgrade
from groundplan.environment.lock import Lock
from groundplan.hcl.read import NestingError, parse
from groundplan.render.modules import FOLDER
from groundplan.render.pulled import charts_of, images_of

_VERSION = re.compile(r'\bversion\s*=\s*"([^"]*)"')
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{12})[0-9a-f]{52}")
_MODULE = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")
"""The name of a module: a lock may say anything."""
_UNREADABLE = (OSError, UnicodeDecodeError, NestingError)
"""What reading a module may raise that somebody has damaged: Terraform reports it."""

Environment = tuple[Path, Lock]
"""A rendered folder and its lock."""


def upgrade(before: Environment, after: Environment, changelog: str, migrations: Sequence[str]) -> Upgrade:
    """What the release of `after` makes of what the release of `before` had rendered."""
    (_, old), (_, new) = before, after
    differences = (
        *_differences(Part.MODULE, old.modules, new.modules),
        *(d for part, read in _READERS.items() for d in _differences(part, read(before), read(after))),
        *_choices(old, new),
    )
    lines = lines_between(changelog, old.groundplan, new.groundplan)
    return Upgrade(old.groundplan, new.groundplan, differences, lines, tuple(migrations))


def _differences(part: Part, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Difference(part, name, _short(old), _short(new))


def _short(version: str) -> str:
    """A version, or the first characters of a digest."""
    return _DIGEST.sub(r"\1", version)


def _choices(old: Lock, new: Lock) -> Iterator[Difference]:
    """What is decided otherwise although nobody asked for it."""
    before = {decision.path: decision.value for decision in old.decisions}
    for decision in sorted(new.decisions, key=lambda one: one.path):
        was = before.get(decision.path, decision.value)
        if was != decision.value and decision.origin != "spec":
            yield Difference(Part.CHOICE, decision.path, was, decision.value, decision.reason)


def _providers(environment: Environment) -> Mapping[str, str]:
    """Versions of the providers that the roots require."""
    folder, _ = environment
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.glob("*/versions.tf")):
        try:
            whole = parse(file.read_text(encoding="utf-8"), file.name)
        except _UNREADABLE:
            continue
        for block in (one for one in whole.walk() if one.type == "required_providers"):
            for name, attribute in block.attributes.items():
                found[name] |= set(_VERSION.findall(attribute.value))
    return _joined(found)


def _charts(environment: Environment) -> Mapping[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for module in _modules(environment):
        try:
            for chart in charts_of(module):
                found[chart.name].add(chart.version)
        except _UNREADABLE:
            continue
    return _joined(found)


def _images(environment: Environment) -> Mapping[str, str]:
    """Tags or digests of the images that modules name by default."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in _modules(environment):
        try:
            references = images_of(module)
        except _UNREADABLE:
            continue
        for reference in references:
            name, _, version = reference.rpartition("@") if "@" in reference else reference.rpartition(":")
            found[name].add(version)
    return _joined(found)


def _modules(environment: Environment) -> Iterator[Path]:
    folder, lock = environment
    names = filter(_MODULE.fullmatch, lock.modules)
    return (folder / FOLDER / name for name in names if (folder / FOLDER / name).is_dir())


def _joined(found: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


_READERS = {Part.PROVIDER: _providers, Part.CHART: _charts, Part.IMAGE: _images}
