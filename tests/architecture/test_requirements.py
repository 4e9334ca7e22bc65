"""What `make` installs is locked: each package with version and hashes, inside the ranges that users get."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.sources import REPOSITORY
from tools.lower_bounds import lower_bounds

FOLDER = REPOSITORY / "requirements"
LOCKS = sorted(FOLDER.glob("*.txt"))
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
DECLARED = {
    "demo.txt": PROJECT["project"]["dependencies"],
    "dev.txt": [*PROJECT["project"]["dependencies"], *EXTRAS["charts"], *EXTRAS["html"], *EXTRAS["dev"]],
    "oldest.txt": [*PROJECT["project"]["dependencies"], *EXTRAS["charts"], *EXTRAS["html"], *EXTRAS["dev"]],
    "build.txt": [*PROJECT["dependency-groups"]["build"], *PROJECT["build-system"]["requires"]],
    "lock.txt": PROJECT["dependency-groups"]["lock"],
}

Pins = dict[str, set[Version]]
"""By canonical name; more than one version when Python versions or platforms differ."""


def entries(lock: Path) -> list[str]:
    """The logical lines of a lock without comments, hashes included."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(name: str) -> Pins:
    found: Pins = {}
    for entry in entries(FOLDER / name):
        requirement = Requirement(entry.split("--hash=")[0])
        (specifier,) = requirement.specifier
        found.setdefault(canonicalize_name(requirement.name), set()).add(Version(specifier.version))
    return found


def test_every_lock_is_for_something() -> None:
    assert {lock.name for lock in LOCKS} == set(DECLARED)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_is_dated_and_names_files_by_hash_alone(lock: Path) -> None:
    assert re.search(r"make lock LOCK_DATE=\d{4}-\d\d-\d\d$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    pinned = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==\S+( ; [^@]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert not [entry for entry in entries(lock) if not pinned.fullmatch(entry)]


@pytest.mark.parametrize("name", DECLARED)
def test_direct_dependencies_are_locked_inside_their_ranges(name: str) -> None:
    locked = pins(name)
    outside = []
    for requirement in map(Requirement, DECLARED[name]):
        if requirement.name == PROJECT["project"]["name"]:
            continue  # one extra takes in another
        versions = locked.get(canonicalize_name(requirement.name), set())
        if not versions or not all(requirement.specifier.contains(version) for version in versions):
            outside.append(f"{requirement}: {sorted(map(str, versions))}")
    assert not outside, "\n".join(outside) + "\n`make lock` resolves again"


def test_demo_installs_versions_that_were_tested() -> None:
    tested = pins("dev.txt")
    assert {name: versions for name, versions in pins("demo.txt").items() if versions != tested.get(name)} == {}


def test_oldest_versions_are_the_lower_bounds() -> None:
    locked = pins("oldest.txt")
    bounds = [Requirement(line) for line in lower_bounds(REPOSITORY / "pyproject.toml")]
    assert len(bounds) == len([line for line in DECLARED["oldest.txt"] if not line.startswith("groundplan[")])
    wrong = [
        str(bound)
        for bound in bounds
        if not any(bound.specifier.contains(version) for version in locked[canonicalize_name(bound.name)])
    ]
    assert not wrong


def test_a_dependency_without_a_lower_bound_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[project]\nname = "shop"\ndependencies = ["cake<2"]\noptional-dependencies = {}\n')
    with pytest.raises(ValueError, match="cake<2: no lower bound"):
        list(lower_bounds(file))


def test_ranges_end_where_nothing_was_tested() -> None:
    """A direct dependency without an upper bound promises versions that do not exist yet."""
    declared = {line for lines in DECLARED.values() for line in lines}
    open_ended = [line for line in declared if not re.search(r"<|==|^groundplan\[", line)]
    assert not open_ended
