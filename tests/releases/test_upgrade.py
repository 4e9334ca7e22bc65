"""From the environments of earlier releases to this one's: nothing is destroyed, and nothing is replaced."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundplan.app.sides.use_case import sides
from groundplan.hcl.read import read_folder
from groundplan.terraform.offline import Inputs
from groundplan.terraform.succession import RootChange, succeed
from tests.releases.kept import CASES, archives, release, unpacked

REPOSITORY = Path(__file__).parents[2]
MODULES = REPOSITORY / "modules"
EACH_RELEASE = pytest.mark.parametrize("archive", archives(), ids=release)

MAXIMAL = [case for case in CASES if case[2] == "maximal"]
"""What the least specs have, these have too."""

GONE: dict[str, str] = {}
"""Resources that left a module without a `moved` or `removed` block, as `module address`, and why that is no loss."""


class Silent:
    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        yield


def addresses(module: Path) -> set[str]:
    """What the module makes."""
    return {".".join(block.labels) for block in read_folder(module) if block.type == "resource"}


def handed_on(module: Path) -> set[str]:
    """What the module says has moved, or is left to itself."""
    blocks = (block for block in read_folder(module) if block.type in ("moved", "removed"))
    return {block.attributes["from"].value.split("[")[0].strip() for block in blocks}


def module_folders(top: Path) -> dict[str, Path]:
    return {path.parent.relative_to(top).as_posix(): path.parent for path in top.glob("*/*/versions.tf")}


@pytest.fixture(scope="module")
def old_modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """The modules of each release by name."""
    found = {}
    for archive in archives():
        environments = unpacked(archive, tmp_path_factory.mktemp(release(archive)))
        found[release(archive)] = {
            name: folder for top in environments for name, folder in module_folders(top / "modules").items()
        }
    return found


def test_the_last_release_is_kept() -> None:
    assert archives(), "python -m tests.releases.kept"
    assert sum(path.stat().st_size for path in archives()) < 2_000_000, "keep those that upgrades begin from"


@EACH_RELEASE
def test_what_left_a_module_has_moved(archive: Path, old_modules: dict[str, dict[str, Path]]) -> None:
    """Without a `moved` block Terraform destroys what it finds in the state under the old address."""
    now = module_folders(MODULES)
    lost = [
        f"{name} {address}"
        for name, folder in old_modules[release(archive)].items()
        if name in now
        for address in sorted(addresses(folder) - addresses(now[name]) - handed_on(now[name]))
    ]
    assert [one for one in lost if one not in GONE] == [], "add a `moved` block to the module"
    assert [one for one in GONE if one not in lost] == [], "its reason is no longer needed"


@EACH_RELEASE
def test_modules_that_are_gone_were_called_by_nobody(archive: Path, old_modules: dict[str, dict[str, Path]]) -> None:
    gone = old_modules[release(archive)].keys() - module_folders(MODULES).keys()
    assert gone == set(), "keep the module for a few releases, empty but for `removed` or `moved` blocks"


@EACH_RELEASE
def test_every_module_is_kept(archive: Path, old_modules: dict[str, dict[str, Path]]) -> None:
    """An archive without a module could not tell what left it."""
    assert len(old_modules[release(archive)]) >= 40 or archive != archives()[-1]


def test_a_missing_moved_block_is_found(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "a" "new" {}\nmoved {\n  from = a.old["x"]\n  to   = a.new\n}\n')
    assert addresses(tmp_path) == {"a.new"}
    assert handed_on(tmp_path) == {"a.old"}


def lost(changes: Iterable[RootChange]) -> list[str]:
    """What plans destroy, be it to make it anew."""
    return [
        f"{one['address']}: {' and '.join(one['change']['actions'])}"
        for change in changes
        for one in (change.plan or {}).get("resource_changes", ())
        if one["mode"] == "managed" and "delete" in one["change"]["actions"]
    ]


@pytest.mark.slow
@EACH_RELEASE
@pytest.mark.parametrize("case", MAXIMAL, ids=["-".join(case) for case in MAXIMAL])
def test_an_upgrade_destroys_nothing(archive: Path, case: tuple[str, str, str], tmp_path: Path) -> None:
    [folder] = unpacked(archive, tmp_path, "-".join(case))
    with sides(folder, environment={}) as (old, new):
        assert old.release == release(archive) and old.resolved is not None
        changes = succeed(old.folder, new.folder, Inputs(), progress=Silent())
    problems = [d.message for change in changes for d in change.diagnostics if d.severity == "error"]
    assert not problems
    assert any(change.plan for change in changes), "nothing was planned, so nothing was looked at"
    assert all(change.applied for change in changes)
    assert lost(changes) == [], "upgrading groundplan must not destroy what runs"


@pytest.mark.slow
@pytest.mark.parametrize("moved", [False, True])
def test_a_renamed_resource_is_lost_unless_its_module_says_that_it_moved(moved: bool, tmp_path: Path) -> None:
    """In the root of the state bucket alone, which is quick."""
    [folder] = unpacked(archives()[-1], tmp_path, "small-team-aws-maximal")
    block = "moved {\n  from = aws_kms_key.this\n  to   = aws_kms_key.renamed\n}\n" if moved else ""
    with sides(folder, environment={}) as (old, new):
        for root in ("10-foundation", "20-platform"):
            shutil.rmtree(old.folder / root)
            shutil.rmtree(new.folder / root)
        module = new.folder / "modules/aws/state_store"
        for file in module.glob("*.tf"):
            text = file.read_text().replace("aws_kms_key.this", "aws_kms_key.renamed")
            file.write_text(text.replace('"aws_kms_key" "this"', '"aws_kms_key" "renamed"'))
        (module / "moved.tf").write_text(block)
        found = lost(succeed(old.folder, new.folder, Inputs(), progress=Silent()))
    assert any(one.startswith("module.state_store.aws_kms_key.this") for one in found) is not moved
    assert not (moved and found)
