"""Two environments, from their folders to what leads from one to the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from groundplan.app.change import change
from groundplan.app.check import Tools
from groundplan.app.leading import leading_edits
from groundplan.app.pipeline import resolve_spec
from groundplan.app.sides.model import SideFolder
from groundplan.change.attribution import Edits
from groundplan.change.model import Counts

TODAY = date(2026, 11, 30)
SPEC = """\
apiVersion: groundplan/v1
name: acme
owner: ml-platform
cloud: {provider: aws, region: us-east-1, account: "210987654321"}
training:
  pools:
    a: {vcpus: 4, nodes: {min: 0, max: 4}}
    b: {vcpus: 4, nodes: {min: 0, max: 4}}
storage: {buckets: {datasets: {}}}
"""
ROOT = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
"""
BUCKET = """
resource "aws_s3_bucket" "data" {
  bucket = "acme-data"
}
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration { status = "Enabled" }
}
"""


class Silent:
    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        yield

    @contextlib.contextmanager
    def counted(self, what: str, total: int) -> Iterator[object]:
        yield lambda _: None

    @contextlib.contextmanager
    def replacing_folder(self) -> Iterator[None]:
        yield


def side(folder: Path, *texts: str) -> SideFolder:
    folder.mkdir()
    (folder / "main.tf").write_text("".join(texts), encoding="utf-8")
    return SideFolder(folder, folder.name, "", None)


@pytest.mark.slow
def test_a_folder_and_the_next_one_are_told_apart(tmp_path: Path) -> None:
    kept = "\nremoved {\n  from = aws_s3_bucket.data\n  lifecycle { destroy = false }\n}\n"
    whole, bare = side(tmp_path / "whole", ROOT, BUCKET), side(tmp_path / "bare", ROOT)
    gone = change((whole, bare), Tools(), Silent(), TODAY)  # type: ignore[arg-type]
    assert gone.counts == Counts(destroyed=2)
    assert (gone.before.label, gone.after.label) == ("whole", "bare")
    assert not any(str(tmp_path) in str(entry) for entry in gone.entries)
    left = side(tmp_path / "left", ROOT, kept, kept.replace("s3_bucket.", "s3_bucket_versioning."))
    stays = change((whole, left), Tools(), Silent(), TODAY)  # type: ignore[arg-type]
    assert stays.counts == Counts(forgotten=2)
    assert [entry.what for entry in stays.entries] == ["bucket acme-data stays, no longer managed"]


def edited(tmp_path: Path, *changes: tuple[str, str]) -> dict[tuple[str, str], list[str]]:
    """By module call, the paths of the edits that change it."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SPEC, encoding="utf-8")
    text = SPEC
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    new.write_text(text, encoding="utf-8")
    before, after = resolve_spec(old), resolve_spec(new)
    found = leading_edits(before.document, after.document, after)
    return {call: [edit.path for edit in edits] for call, edits in found.leading.items()}


def test_an_edit_leads_to_the_calls_that_it_changes_and_to_no_others(tmp_path: Path) -> None:
    found = edited(tmp_path, ("b: {vcpus: 4", "b: {vcpus: 16"), ("datasets: {}", "datasets: {versioning: false}"))
    assert found["10-foundation", "module.pool_training_b"] == ["training.pools.b.vcpus"]
    assert found["10-foundation", "module.object_store"] == ["storage.buckets.datasets.versioning"]
    assert ("10-foundation", "module.pool_training_a") not in found


def test_an_edit_that_makes_no_sense_alone_leads_nowhere_by_itself(tmp_path: Path) -> None:
    found = edited(tmp_path, ("a: {vcpus: 4, nodes: {min: 0, max: 4}}", "a: {vcpus: 4, nodes: {min: 5, max: 6}}"))
    assert found["10-foundation", "module.pool_training_a"] == ["training.pools.a.nodes.max"]


def edits_of(tmp_path: Path, *changes: tuple[str, str]) -> Edits:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    text = SPEC + "tracking: {mlflow: {}}\n"
    old.write_text(text, encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    new.write_text(text, encoding="utf-8")
    after = resolve_spec(new)
    return leading_edits(resolve_spec(old).document, after.document, after)


def test_of_a_call_that_ends_only_what_ends_it_counts(tmp_path: Path) -> None:
    found = edits_of(tmp_path, ("tracking: {mlflow: {}}\n", ""), ("b: {vcpus: 4", "b: {vcpus: 16"))
    assert [edit.path for edit in found.leading["20-platform", "module.mlflow"]] == ["tracking"]


def test_an_instance_has_the_edits_that_change_what_stands_under_its_key(tmp_path: Path) -> None:
    found = edits_of(tmp_path, ("tracking: {mlflow: {}}\n", ""), ("datasets: {}", "datasets: {versioning: false}"))
    store, keys = ("10-foundation", "module.object_store"), ("10-foundation", "module.keys")
    assert [edit.path for edit in found.within[*store, "mlflow"]] == ["tracking"]
    assert [edit.path for edit in found.within[*store, "datasets"]] == ["storage.buckets.datasets.versioning"]
    assert [edit.path for edit in found.within[*keys, "database"]] == ["tracking"]


def test_edits_that_only_make_sense_together_are_told_as_such(tmp_path: Path) -> None:
    both = ("a: {vcpus: 4, nodes: {min: 0, max: 4}}", "a: {vcpus: 4, nodes: {min: 5, max: 6}}")
    assert [edit.path for edit in edits_of(tmp_path, both).together] == ["training.pools.a.nodes.min"]


HEAD = (
    "apiVersion: groundplan/v1\nname: acme\nowner: ml\n"
    "cloud: {provider: aws, region: us-east-1, account: '123456789012'}\n"
)


def between(tmp_path: Path, old: str, new: str) -> Edits:
    resolved = []
    for name, text in (("old.yaml", old), ("new.yaml", new)):
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
        resolved.append(resolve_spec(tmp_path / name))
    return leading_edits(resolved[0].document, resolved[1].document, resolved[1])


def test_what_ends_only_with_several_edits_is_led_to_by_what_would_keep_it(tmp_path: Path) -> None:
    """The network goes with the pools, whose end makes no sense beside a cluster that stays."""
    kept = "storage: {buckets: {raw: {}}}\n"
    pools = "training: {pools: {a: {vcpus: 4, nodes: {max: 1}}}}\n"
    found = between(tmp_path, f"cluster: {{deletion_protection: false}}\n{pools}{kept}", kept)
    assert [edit.path for edit in found.leading["10-foundation", "module.network"]] == ["training"]
    assert [edit.path for edit in found.together] == ["training"]


def test_a_renamed_bucket_changes_nothing_of_the_pool_that_writes_to_it(tmp_path: Path) -> None:
    pool = (
        "training: {{pools: {{a: {{vcpus: 4, nodes: {{max: 1}}, disk_gib: {disk}, writes: [{bucket}]}}}}}}\n"
        "storage: {{buckets: {{{buckets}}}}}\n"
    )
    old = pool.format(disk=100, bucket="data", buckets="data: {}")
    new = pool.format(disk=200, bucket="sets", buckets="sets: {renamed_from: data}")
    found = between(tmp_path, old, new)
    assert "training.pools.a.writes" in [edit.path for edit in found.together]
    assert not found.together_in("10-foundation", "module.pool_training_a")
