"""The same spec in another place: `--cloud`, `--region`, `--account`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import rerender, resolve_spec
from groundplan.app.target import Target
from groundplan.cli import run
from groundplan.components.node_pool.part import pools_of
from tests.architecture.sources import REPOSITORY

SPEC = REPOSITORY / "blueprints" / "cpu-serving" / "blueprint.yaml"
"""On AWS in us-east-1."""


def test_on_another_cloud_in_the_region_nearest_to_its_own() -> None:
    stack = resolve_spec(SPEC, overrides=Overrides(Target("gcp"))).stack
    assert (stack.provider, stack.region, stack.account) == ("gcp", "us-east4", "example-project")
    assert pools_of(stack)[1].instance_types[0].startswith(("c", "e", "n", "t"))


def test_region_and_account_of_ones_own() -> None:
    stack = resolve_spec(SPEC, overrides=Overrides(Target("gcp", "europe-west4", "fraud-dev-1"))).stack
    assert (stack.provider, stack.region, stack.account) == ("gcp", "europe-west4", "fraud-dev-1")


def test_another_region_of_the_same_cloud_keeps_the_account() -> None:
    stack = resolve_spec(SPEC, overrides=Overrides(Target(region="eu-west-1"))).stack
    assert (stack.provider, stack.region, stack.account) == ("aws", "eu-west-1", "123456789012")
    assert resolve_spec(SPEC, overrides=Overrides(Target("aws"))).stack.region == "us-east-1"


def test_the_environment_gets_a_spec_that_renders_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = ["render", str(SPEC), "-o", str(out), "--cloud", "gcp", "--account", "fraud-dev-1"]
    assert run([*arguments, "--format", "json"]) == 0, capsys.readouterr()
    assert json.loads(capsys.readouterr().out)["ok"]
    copied = (out / "groundplan.yaml").read_text(encoding="utf-8")
    assert "provider: gcp" in copied and "account: fraud-dev-1" in copied
    again = rerender(out)
    assert len(again) > 100
    differ = [name for name, text in again.items() if (out / name).read_text(encoding="utf-8") != text]
    assert differ == ["groundplan.lock.json"], "which says whether the spec was copied"


def test_not_over_the_spec_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "groundplan.yaml"
    spec.write_bytes(SPEC.read_bytes())
    assert run(["render", str(spec), "-o", str(tmp_path), "--cloud", "gcp"]) == 4
    assert "give another folder with -o" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["groundplan.yaml"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--region", "mars"], "error[GP305]: region `mars`"),
        (["--cloud", "gcp", "--region", "us-east-1"], "error[GP305]: region `us-east-1` is not in the GCP tables"),
        (["--account", "1"], "`cloud.account`"),
        (["--cloud", "gcp", "--account", "123456789012"], "`123456789012` is not a project id of GCP"),
        (["--region", ""], "'--region': is empty"),
        (["--account", ""], "'--account': is empty"),
        (["--cloud", "mars"], "'mars' is not one of 'aws', 'gcp'"),
    ],
)
def test_places_that_there_are_not(options: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(SPEC), *options]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["render", str(SPEC), "-o", ""], ["build", str(SPEC), "-o", ""], ["check", ""], ["rehearse", ""]]
)
def test_an_empty_name_is_not_the_folder_one_stands_in(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    assert "is empty" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_spec_without_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "groundplan.yaml"
    lines = SPEC.read_text(encoding="utf-8").splitlines(keepends=True)
    spec.write_text("".join(line for line in lines if not line.startswith("cloud:")), encoding="utf-8")
    assert run(["validate", str(spec), "--region", "us-east-1"]) == 2
    assert "the spec has no `cloud`" in capsys.readouterr().err
    assert run(["validate", str(spec), "--cloud", "gcp", "--region", "us-west1", "--account", "fraud-dev-1"]) == 0
    assert run(["validate", str(spec), "--cloud", "gcp"]) == 0
