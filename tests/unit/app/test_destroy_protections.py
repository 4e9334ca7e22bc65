"""What keeps resources from being destroyed, and the words and edits that lift it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan.allowances import allowances
from groundplan.app.live.destroy.protections import judged, lifted_arguments, only_lifts, protections
from groundplan.change.model import Change, Counts, Entry, Kind, Side
from groundplan.change.planned import Action, Planned

MODULE = """
resource "google_sql_database_instance" "this" {
  name                = "x"
  deletion_protection = var.deletion_protection

  settings {
    tier                        = "a"
    deletion_protection_enabled = var.deletion_protection
  }
}

resource "aws_s3_bucket" "this" {
  bucket = "b"
}

resource "aws_kms_key" "kept" {
  lifecycle {
    prevent_destroy = true
  }
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "modules" / "m").mkdir(parents=True)
    (tmp_path / "modules" / "m" / "main.tf").write_text(MODULE, encoding="utf-8")
    (tmp_path / "10-foundation").mkdir()
    call = 'module "m" {\n  source = "../modules/m"\n}\n'
    (tmp_path / "10-foundation" / "main.tf").write_text(call, encoding="utf-8")
    return tmp_path


def gone(type_: str, name: str, before: dict[str, Any]) -> Planned:
    return Planned("10-foundation", f"module.m.{type_}.{name}", type_, name, Action.DESTROY, before)


DATABASE = {"name": "x", "deletion_protection": True, "settings": [{"tier": "a", "deletion_protection_enabled": True}]}
EVERY = (
    gone("google_sql_database_instance", "this", DATABASE),
    gone("aws_s3_bucket", "this", {"bucket": "b", "force_destroy": None}),
    gone("aws_kms_key", "kept", {"arn": "arn"}),
)


def change(*entries: Entry) -> Change:
    return Change(Side("a", ""), Side("b", ""), entries, Counts())


def test_protections_are_found_by_value_and_by_source(folder: Path) -> None:
    found = [(one.planned.type, one.row.path if one.row else None) for one in protections(EVERY, folder)]
    assert found == [
        ("google_sql_database_instance", ("deletion_protection",)),
        ("google_sql_database_instance", ("settings", 0, "deletion_protection_enabled")),
        ("aws_s3_bucket", ("force_destroy",)),
        ("aws_kms_key", None),
    ]
    free = {**DATABASE, "deletion_protection": False, "settings": []}
    assert not protections([gone("google_sql_database_instance", "this", free)], folder)


def test_every_word_is_told_and_one_for_the_data_lifts_the_protection(folder: Path) -> None:
    database = EVERY[0]
    data = Entry(Kind.DESTROYS_DATA, "database x is destroyed", root=database.root, address=database.address, gone=True)
    found = protections(EVERY, folder)
    asked = judged(change(data), found, ())
    assert asked.missing == (
        f"destroys-data:{database.address}",
        "cannot-be-undone:module.m.aws_kms_key.kept",
        "cannot-be-undone:module.m.aws_s3_bucket.this",
    )
    assert judged(change(data), found, allowances(asked.missing)).missing == ()
    of_gone = allowances(["destroys-data:module.m.aws_db_instance.long_gone"])
    assert judged(change(data), found, of_gone).missing == asked.missing, "a word for what is gone is no error"


def test_arguments_change_where_they_stand_and_come_with_an_override_where_they_do_not(folder: Path) -> None:
    texts = dict(lifted_arguments(folder, protections(EVERY, folder)))
    main = texts[folder / "modules" / "m" / "main.tf"]
    assert main == MODULE.replace("var.deletion_protection", "false")
    [override] = [text for file, text in texts.items() if file.name.endswith("_override.tf")]
    assert override == 'resource "aws_s3_bucket" "this" {\n  force_destroy = true\n}\n'


def test_a_plan_that_does_more_than_lift_is_seen(folder: Path) -> None:
    found = protections(EVERY, folder)
    lifted = {
        "name": "x",
        "deletion_protection": False,
        "settings": [{"tier": "a", "deletion_protection_enabled": False}],
    }
    place = ("10-foundation", EVERY[0].address, EVERY[0].type, "this")
    assert only_lifts(Planned(*place, Action.UPDATE, DATABASE, lifted), found)
    assert not only_lifts(Planned(*place, Action.UPDATE, DATABASE, {**lifted, "name": "y"}), found)
    assert not only_lifts(Planned(*place, Action.REPLACE, DATABASE, lifted), found)
    other = ("10-foundation", "module.m.aws_subnet.a", "aws_subnet", "a")
    assert only_lifts(Planned(*other, Action.NOTHING), found)
    assert not only_lifts(Planned(*other, Action.UPDATE), found)
