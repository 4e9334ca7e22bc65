"""What another release makes of an environment: modules, providers, charts, images, choices and the changelog."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan import paths
from groundplan.change.upgrade.changelog import lines_between, number
from groundplan.change.upgrade.model import Difference, Line, Part
from groundplan.change.upgrade.read import upgrade
from groundplan.environment.files import digest
from groundplan.environment.lock import Decided, Location, Lock, Spec

CHANGELOG = """\
# Changelog

- of no release

## 0.10.0 (unreleased)

- **Pools**: a line
  that goes on.
- another

For developers:

- inside

## 0.9.1 - 2027-01-01

- of 0.9.1

## 0.9.0

- of 0.9.0
"""
VARIABLES = """\
variable "chart_version" {
  type    = string
  default = "VERSION"
}

variable "image" {
  type    = string
  default = "ghcr.io/example/tool:VERSION"
}
"""
RELEASE = """\
resource "helm_release" "this" {
  chart      = "autoscaler"
  repository = "https://charts.example.com"
  version    = var.chart_version
}
"""
VERSIONS = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "VERSION"
    }
  }
}
"""


def made(folder: Path, release: str, pin: str, **choices: str) -> tuple[Path, Lock]:
    """An environment of one root and one module, all in one version."""
    module = folder / "modules/kubernetes/autoscaler"
    module.mkdir(parents=True)
    (folder / "20-platform").mkdir()
    (folder / "20-platform/versions.tf").write_text(VERSIONS.replace("VERSION", pin))
    for name, text in (("variables.tf", VARIABLES), ("outputs.tf", ""), ("main.tf", RELEASE)):
        (module / name).write_text(text.replace("VERSION", pin))
    return folder, Lock(
        groundplan=release,
        spec=Spec(file="groundplan.yaml"),
        cloud=Location(provider="aws", region="us-east-1"),
        calls={},
        decisions=tuple(Decided(path=p, value=v, origin="catalog", reason="newest") for p, v in choices.items()),
        modules={"kubernetes/autoscaler": digest(pin), f"aws/of_{release}": digest("x")},
        files={},
    )


def test_what_a_release_changes(tmp_path: Path) -> None:
    before = made(tmp_path / "a", "0.9.0", "6.1.0", version="1.34", types="m5.large", gone="x")
    after = made(tmp_path / "b", "0.10.0", "6.2.0", version="1.35", types="m5.large", new="x")
    found = upgrade(before, after, CHANGELOG, ["`a` is `b`"])
    old, new = digest("6.1.0")[7:19], digest("6.2.0")[7:19]
    assert (found.before, found.after, found.migrations) == ("0.9.0", "0.10.0", ("`a` is `b`",))
    assert list(found.differences) == [
        Difference(Part.MODULE, "aws/of_0.10.0", "", digest("x")[7:19]),
        Difference(Part.MODULE, "aws/of_0.9.0", digest("x")[7:19], ""),
        Difference(Part.MODULE, "kubernetes/autoscaler", old, new),
        Difference(Part.PROVIDER, "aws", "6.1.0", "6.2.0"),
        Difference(Part.CHART, "autoscaler", "6.1.0", "6.2.0"),
        Difference(Part.IMAGE, "ghcr.io/example/tool", "6.1.0", "6.2.0"),
        Difference(Part.CHOICE, "version", "1.34", "1.35", "newest"),
    ]
    assert [line.release for line in found.changelog] == ["0.10.0"] * 3 + ["0.9.1"]


def test_what_the_spec_says_is_no_choice_of_a_release(tmp_path: Path) -> None:
    before, (folder, lock) = (
        made(tmp_path / "a", "1", "1", version="1.34"),
        made(tmp_path / "b", "1", "1", version="1.35"),
    )
    said = lock.decisions[0].model_copy(update={"origin": "spec"})
    assert not upgrade(before, (folder, lock.model_copy(update={"decisions": (said,)})), "", ()).differences


@pytest.mark.parametrize("name", ["../../../outside", "a/../../..", "\0", "/etc", "a"])
def test_a_lock_that_leads_out_is_not_followed(tmp_path: Path, name: str) -> None:
    before, (folder, lock) = made(tmp_path / "a", "1", "1"), made(tmp_path / "b", "1", "2")
    made(tmp_path / "outside", "1", "3")
    found = upgrade(before, (folder, lock.model_copy(update={"modules": {name: digest("x")}})), "", ())
    assert {one.after for one in found.differences if one.part is Part.CHART} == {""}


@pytest.mark.parametrize("damage", [b"\xff", b"{" * 500, b""])
def test_a_damaged_module_has_nothing_to_tell(tmp_path: Path, damage: bytes) -> None:
    before, after = made(tmp_path / "a", "1", "1"), made(tmp_path / "b", "1", "2")
    for file in (tmp_path / "a").rglob("*.tf"):
        file.write_bytes(damage)
    (tmp_path / "a/modules/kubernetes/autoscaler/outputs.tf").unlink()
    found = upgrade(before, after, "", ())
    assert {one.before for one in found.differences if one.part is not Part.MODULE} == {""}


@pytest.mark.parametrize(
    ("before", "after", "releases"),
    [
        ("0.9.0", "0.9.0", []),
        ("0.9.0", "0.9.1", ["0.9.1"]),
        ("0.9.1", "0.10.0", ["0.10.0"] * 3),
        ("0.10.0", "0.9.0", []),
        ("", "0.9.0", ["0.9.0"]),
        ("9" * 5_000, "0.9.0", ["0.9.0"]),
        ("x\x1b", "0.9.0", ["0.9.0"]),
    ],
    ids=range(7),
)
def test_lines_of_the_changelog(before: str, after: str, releases: list[str]) -> None:
    assert [line.release for line in lines_between(CHANGELOG, before, after)] == releases


def test_a_line_that_goes_on_is_one() -> None:
    assert lines_between(CHANGELOG, "0.9.1", "0.10.0")[0] == Line("0.10.0", "**Pools**: a line that goes on.")
    assert number("0.10.0") > number("0.9.1") > number("0.9")


def test_the_changelog_of_this_release_is_at_hand() -> None:
    assert lines_between(paths.CHANGELOG.read_text(encoding="utf-8"), "0.0.9", "0.1.0")
