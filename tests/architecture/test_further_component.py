"""A component is its folder and its module: one that lives in a test folder, registered in one line, goes from the
spec to a rehearsal on both clouds."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from groundplan import paths
from groundplan.cli import run
from groundplan.clouds import find_cloud
from groundplan.components import PACKAGES
from groundplan.spec import declared, shape
from groundplan.spec.model import keys, root
from groundplan.spec.schema import schema
from tests.architecture.notebooks.spec import Notebooks
from tools.spec_reference import reference

SPEC = """\
apiVersion: groundplan/v1
name: further
owner: ml-platform
cloud: {provider: aws, region: us-east-1, account: "123456789012"}
storage: {buckets: {data: {}}}
notebooks:
  image: jupyter:4
state: {backend: local}
"""


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "notebooks", "tests.architecture.notebooks")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "groundplan.yaml"


def refused(spec: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    spec.write_text(text, encoding="utf-8")
    assert run(["validate", str(spec)]) == 2
    return capsys.readouterr().err


@pytest.mark.usefixtures("registered")
class TestRegistered:
    def test_its_block_is_in_the_model_the_schema_and_the_reference(self) -> None:
        assert [key.name for key in keys()][-3:] == ["notebooks", "budget", "state"]
        assert shape.type_at(("notebooks", "image")) is str
        block = schema()["$defs"]["Notebooks"]["properties"]["image"]
        assert block["description"] == "Image of the servers, such as jupyter:4."
        assert "| `notebooks` | keys |  | Where people try things. |\n" in reference()
        assert "| `notebooks.image` | text | required | Image of the servers, such as jupyter:4. |\n" in reference()
        values = {"apiVersion": "groundplan/v1", "name": "ab", "owner": "o", "notebooks": {"image": "x"}}
        found = jsonschema.Draft202012Validator(schema()).iter_errors(values)
        assert {error.json_path for error in found} == {"$", "$.notebooks.image"}

    def test_it_is_read_and_counts_as_something_that_runs_on_the_cluster(
        self, spec: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        spec.write_text(SPEC, encoding="utf-8")
        assert run(["resolve", str(spec), "--format", "json"]) == 0, capsys.readouterr()
        [pool] = json.loads(capsys.readouterr().out)["stack"]["pools"]
        assert (pool["name"], float(pool["memory_gib"])) == ("system", 16.0), "3 of the add-ons and its 6"

    def test_a_slip_in_its_key_is_one_with_a_place(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        error = refused(spec, SPEC.replace("  image", "  imgae"), capsys)
        assert "groundplan.yaml:7:3: error[GP201]: unknown key `imgae` in `notebooks`" in error
        assert "did you mean `image`?" in error
        error = refused(spec, SPEC.replace("notebooks:", "notebook:"), capsys)
        assert "groundplan.yaml:6:1: error[GP201]: unknown key `notebook`" in error
        assert "did you mean `notebooks`?" in error

    def test_its_pattern_has_words(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        error = refused(spec, SPEC.replace("jupyter:4", "emacs:4"), capsys)
        assert "groundplan.yaml:7:10: error[GP204]: `notebooks.image` cannot be `emacs:4`" in error
        assert "write an image such as jupyter:4" in error

    def test_what_is_missing_is_said_in_its_words(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        error = refused(spec, SPEC.replace("  image: jupyter:4\n", "  {}\n"), capsys)
        assert "groundplan.yaml:6:1: error[GP202]: `image` is missing in `notebooks`" in error
        assert "Image of the servers, such as jupyter:4." in error

    def test_its_rule_holds(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        error = refused(spec, SPEC.replace("storage: {buckets: {data: {}}}\n", ""), capsys)
        assert "groundplan.yaml:5:1: error[GP208]: `notebooks` without any data to look at" in error
        assert "asks for nothing" not in error, "it asks for notebooks"

    def test_a_budget_may_name_it(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        budget = "budget: {monthly_usd: 900, components: {notebooks: 100, notebook: 100}}\n"
        error = refused(spec, SPEC + budget, capsys)
        assert "`notebook` is neither a key of this spec nor a component" in error
        assert "did you mean `notebooks`?" in error and "monitoring, notebooks" in error
        assert "`notebooks` is no part" not in error

    def test_the_block_is_typed(self) -> None:
        values = {"cloud": {"provider": "aws", "region": "us-east-1", "account": "123456789012"}}
        made = root().model_validate(
            {"apiVersion": "groundplan/v1", "name": "ab", "owner": "o", **values, "notebooks": {"image": "jupyter:4"}}
        )
        assert made.section(Notebooks).image == "jupyter:4"


@pytest.fixture
def with_its_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = tmp_path / "modules"
    shutil.copytree(paths.MODULES, modules)
    shutil.copytree(Path(__file__).parent / "notebooks" / "modules", modules, dirs_exist_ok=True)
    monkeypatch.setattr(paths, "MODULES", modules)


@pytest.mark.slow
@pytest.mark.usefixtures("registered", "with_its_module")
@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_it_goes_from_the_spec_to_a_rehearsal(spec: Path, provider: str, capsys: pytest.CaptureFixture[str]) -> None:
    cloud = find_cloud(provider)
    assert cloud is not None
    own = 'cloud: {provider: aws, region: us-east-1, account: "123456789012"}'
    there = f'cloud: {{provider: {provider}, region: {cloud.example_region}, account: "{cloud.account.example}"}}'
    spec.write_text(SPEC.replace(own, there), encoding="utf-8")
    out = spec.parent / "out"
    assert run(["build", str(spec), "-o", str(out), "--format", "json"]) == 0, capsys.readouterr()
    report = json.loads(capsys.readouterr().out)
    assert report["checkov"]["failed"] == 0
    assert all(root["valid"] and root["planned"] for root in report["terraform"]["roots"].values())
    platform = (out / "20-platform" / "main.tf").read_text(encoding="utf-8")
    assert 'source = "../modules/kubernetes/notebooks"' in platform and '"jupyter:4"' in platform
    foundation = (out / "10-foundation" / "main.tf").read_text(encoding="utf-8")
    assert 'module.object_store.object_store.buckets["notebooks"].id' in foundation, "its identity writes to its bucket"
    assert run(["cost", str(spec), "--format", "json"]) == 0
    [line] = [line for line in json.loads(capsys.readouterr().out)["lines"] if line["component"] == "notebooks"]
    assert (line["quantity"], line["path"]) == (20, "notebooks")
    assert run(["rehearse", str(out), "--format", "json"]) == 0, capsys.readouterr()
    assert json.loads(capsys.readouterr().out)["ok"]


def test_without_its_line_it_is_unknown(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "unknown key `notebooks`" in refused(spec, SPEC, capsys)
    assert "Notebooks" not in schema()["$defs"]


def test_no_two_components_claim_the_same() -> None:
    """Keys, names of blocks (the schema goes by them) and patterns."""
    names = Counter(key.name for key in keys())
    blocks = Counter(owner.__name__ for owner in {owner for _, owner in shape.walk()})
    patterns = Counter(pattern for found in declared.each("spec", "PATTERNS") for pattern in found)
    assert [name for claimed in (names, blocks, patterns) for name, count in claimed.items() if count > 1] == []
