"""Lock files of providers travel with saved plans: two folders here are two machines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from groundplan.check.freshness import stale as edited
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.digests import PROVIDER_LOCK, lock_digest, tree_digest
from groundplan.live.provider_locks import keep_lock, other_locks, put_locks
from groundplan.live.roots import standing_in
from groundplan.live.saved import Record, SavedRoot
from tests.unit.live.environments import rendered

ROOT = "10-foundation"
LOCK = 'provider "registry.terraform.io/hashicorp/google" {\n  version = "%s"\n}\n'


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Path, Path]:
    """Where the plans were made, after its first `init`, and where they are applied."""
    one = rendered(tmp_path / "one")
    two = Path(shutil.copytree(one, tmp_path / "two"))
    (one / ROOT / PROVIDER_LOCK).write_text(LOCK % "7.1.0", encoding="utf-8")
    return one, two


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    return tmp_path / "plans"


def record_of(folder: Path, plans: Path) -> Record:
    providers = keep_lock(ROOT, folder / ROOT, plans)
    root = SavedRoot(root=ROOT, sha256="", pending=True, providers=providers)
    about = {"run": "r", "made": "", "groundplan": "", "terraform": "", "environment": "demo", "account": ""}
    return Record(**about, tree=tree_digest(folder), lock=lock_digest(folder), roots=(root,))


def codes(record: Record, plans: Path, folder: Path) -> list[str]:
    return [one.code for one in other_locks(record, plans, folder.joinpath)]


def test_the_other_machine_gets_the_lock_file_of_the_one_that_planned(machines: tuple[Path, Path], plans: Path) -> None:
    one, two = machines
    record = record_of(one, plans)
    assert record.tree == tree_digest(two), "what init writes is no part of what was rendered"
    assert codes(record, plans, two) == []
    put_locks(record, plans, two.joinpath)
    assert (two / ROOT / PROVIDER_LOCK).read_text("utf-8") == LOCK % "7.1.0"
    put_locks(record, plans, one.joinpath)
    assert codes(record, plans, one) == codes(record, plans, two) == []


def test_another_lock_file_is_neither_used_nor_replaced(machines: tuple[Path, Path], plans: Path) -> None:
    one, two = machines
    (two / ROOT / PROVIDER_LOCK).write_text(LOCK % "7.2.0", encoding="utf-8")
    record = record_of(one, plans)
    assert codes(record, plans, two) == ["GP417"]
    put_locks(record, plans, two.joinpath)
    assert (two / ROOT / PROVIDER_LOCK).read_text("utf-8") == LOCK % "7.2.0"


def test_a_saved_lock_file_that_was_changed_is_not_put_anywhere(machines: tuple[Path, Path], plans: Path) -> None:
    one, two = machines
    record = record_of(one, plans)
    (plans / f"{ROOT}{PROVIDER_LOCK}").write_text(LOCK % "0.0.1", encoding="utf-8")
    assert codes(record, plans, two) == ["GP412"]


def test_plans_without_one_ask_for_none(machines: tuple[Path, Path], plans: Path) -> None:
    _, two = machines
    record = record_of(two, plans)
    (two / ROOT / PROVIDER_LOCK).write_text(LOCK % "7.2.0", encoding="utf-8")
    assert codes(record, plans, two) == []


def test_a_lock_file_that_leads_elsewhere_is_not_read(machines: tuple[Path, Path], plans: Path) -> None:
    _, two = machines
    (two / ROOT / PROVIDER_LOCK).symlink_to("/etc/hostname")
    with pytest.raises(DiagnosticsError, match="GP411"):
        keep_lock(ROOT, two / ROOT, plans)


def test_a_lock_file_is_no_edit(machines: tuple[Path, Path]) -> None:
    one, _ = machines
    found, _ = edited(one, standing_in(one).outline, None)
    assert not [each for each in found if each.place and each.place.file.endswith(PROVIDER_LOCK)]
