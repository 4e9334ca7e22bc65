"""What taking over changes is told argument by argument, with the key of the spec or the default that asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from groundplan.change.adopting import Adopting, rows
from groundplan.change.drift.schemas import Schemas
from groundplan.change.model import Adopted, Change, Counts, Side
from groundplan.components.mlflow.spec import AwsPart, GcpPart
from groundplan.components.object_store.spec import BucketSetting
from groundplan.components.registry.spec import RepositorySetting
from groundplan.hcl.read import read_folder
from groundplan.spec.load import load
from groundplan.stack.assets import Asset
from groundplan.views.change import as_json, markdown, short, text
from tests.unit.change.plans_of import plan, resource

ROOT, AT = "10-foundation", "module.object_store"
SPEC = """\
apiVersion: groundplan/v1
name: demo
owner: ml
storage:
  buckets:
    models:
      existing: team-models
      retention_days: 30
      aws: {lacks: [logging]}
"""
TYPES = ("aws_s3_bucket", "aws_s3_bucket_versioning", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_logging")
MODELS = Asset(
    "bucket",
    "team-models",
    "storage.buckets.models",
    ROOT,
    "object_store",
    "models",
    resources=tuple(f'{type_}.this["models"]' for type_ in TYPES),
    imported=True,
)
NAMES = {
    *("bucket", "name", "repository", "identifier", "username", "role", "policy_arn", "service"),
    *("repository_id", "bucket_id", "secret_id", "instance", "key_ring", "project", "dynamic"),
    *("password_wo", "snapshot_identifier", "allow_major_version_upgrade", "deletion_window_in_days"),
}
"""Arguments that the import goes by, that the spec and the state alone know, or that the module ignores."""


def address(type_: str) -> str:
    return f'{AT}.{type_}.this["models"]'


def imported(type_: str, action: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    found = resource(address(type_), action, before, after)
    found["change"]["importing"] = {"id": "team-models"}
    return found


VERSIONED = [{"status": "Enabled", "mfa_delete": ""}]
NOT_VERSIONED = [{"status": "Disabled", "mfa_delete": ""}]
CHANGES = (
    imported("aws_s3_bucket", "nothing", {"bucket": "team-models"}, {"bucket": "team-models"}),
    imported(
        "aws_s3_bucket_versioning",
        "update",
        {"versioning_configuration": NOT_VERSIONED},
        {"versioning_configuration": VERSIONED},
    ),
    imported(
        "aws_s3_bucket_lifecycle_configuration", "update", {"rule": []}, {"rule": [{"id": "old", "status": "On"}]}
    ),
    resource(address("aws_s3_bucket_logging"), "create", after={"bucket": "team-models", "target_bucket": "logs"}),
)


def adopting(folder: Path) -> Adopting:
    file = folder / "groundplan.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return Adopting([MODELS], load(file), "aws", Schemas())


@pytest.fixture
def found(tmp_path: Path) -> Adopted:
    [one] = adopting(tmp_path).of({ROOT: plan(ROOT, *CHANGES).plan})
    return one


def test_each_difference_has_its_values_and_what_asks_for_it(found: Adopted) -> None:
    assert (found.what, found.path, found.imported) == ("bucket team-models", "storage.buckets.models", 3)
    assert found.place and found.place.line == 7
    rules, logging, versioning = sorted(found.differences, key=lambda one: one.address)
    assert [(one.path, one.before, one.after) for one in versioning.attributes] == [
        ("versioning_configuration[0].status", "Disabled", "Enabled")
    ]
    assert (versioning.paths, versioning.stated) == (("storage.buckets.models.versioning",), False)
    assert (rules.paths, rules.stated) == (("storage.buckets.models.retention_days",), True)
    assert rules.place and rules.place.line == 8
    assert not logging.attributes, "it is made"
    assert (logging.paths, logging.place and logging.place.line) == (("storage.buckets.models.aws.lacks",), 9)


def test_what_stays_as_it_is_differs_in_nothing(tmp_path: Path) -> None:
    [one] = adopting(tmp_path).of({ROOT: plan(ROOT, CHANGES[0]).plan})
    assert (one.imported, one.differences) == (1, ())


def test_nothing_is_told_of_a_thing_that_a_state_has_already(tmp_path: Path) -> None:
    there = resource(address("aws_s3_bucket_versioning"), "update", {"bucket": "a"}, {"bucket": "b"})
    assert adopting(tmp_path).of({ROOT: plan(ROOT, there).plan}) == []


def test_what_forces_another_one_and_what_is_not_known_before_the_apply(tmp_path: Path) -> None:
    one = imported("aws_s3_bucket", "replace", {"bucket": "a", "tags_all": {}}, {"bucket": "b"})
    one["change"] |= {"replace_paths": [["bucket"]], "after_unknown": {"arn": True, "tags_all": {"owner": True}}}
    [found] = adopting(tmp_path).of({ROOT: plan(ROOT, one).plan})
    bucket, tags = found.differences
    assert bucket.replaces and not tags.replaces
    assert [(each.path, each.after) for each in tags.attributes] == [("tags_all.owner", "known after apply")]


def test_what_is_sensitive_is_hidden(tmp_path: Path) -> None:
    one = imported("aws_s3_bucket", "update", {"tags_all": {"a": "hunter2"}}, {"tags_all": {"a": "hunter3"}})
    one["change"] |= {"after_sensitive": {"tags_all": {"a": True}}}
    assert "hunter" not in str(adopting(tmp_path).of({ROOT: plan(ROOT, one).plan}))


def test_every_format_tells_it(found: Adopted) -> None:
    change = Change(Side("before", "0.1.0"), Side("after", "0.1.0"), (), Counts(imported=3), adopted=[found])
    line = "versioning_configuration[0].status Disabled -> Enabled; by default of storage.buckets.models.versioning"
    told = " ".join(text(change, color=False).split())
    assert line in told
    assert "aws_s3_bucket_logging is not there so far and made; storage.buckets.models.aws.lacks" in told
    assert "taken over bucket team-models: 3 imported for storage.buckets.models" in " ".join(
        short(change, color=False).split()
    )
    assert "storage.buckets.models.versioning" in markdown(change)
    [one] = as_json(change)["adopted"]
    assert len(one["differences"]) == 3
    json.dumps(one)


def arguments(folder: Path) -> Iterator[tuple[str, str]]:
    for block in read_folder(folder):
        if block.type == "resource" and block.labels[1] != "logs":
            names = {*block.attributes, *(inner.type for inner in block.blocks)}
            yield from ((block.labels[0], name) for name in names - {"for_each", "count", "depends_on", "lifecycle"})


@pytest.mark.parametrize("module", ["object_store", "registry", "keys", "database"])
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_every_argument_of_what_is_taken_over_has_a_row(repository: Path, cloud: str, module: str) -> None:
    types = {type_ for type_, _ in rows()}
    set_ = {one for one in arguments(repository / "modules" / cloud / module) if one[0] in types}
    assert set_
    assert sorted((type_, name) for type_, name in set_ if name not in NAMES and (type_, name) not in rows()) == []


def test_every_word_of_lacks_has_a_resource() -> None:
    words = {word for words in (BucketSetting, RepositorySetting, AwsPart, GcpPart) for word in get_args(words)}
    assert {row.lacks for row in rows().values() if row.lacks} == words
