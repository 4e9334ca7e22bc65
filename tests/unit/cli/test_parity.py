"""`groundplan parity`: exit codes, clouds and regions, the one object on stdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import run
from groundplan.clouds import CLOUDS
from groundplan.components.load import components

HERE = {"provider": "aws", "region": "eu-west-1", "account": "111122223333"}
SPEC: dict[str, Any] = {
    "apiVersion": "groundplan/v1",
    "name": "fraud-dev",
    "owner": "ml-platform",
    "cloud": HERE,
    "training": {"pools": {"jobs": {"gpu": {"type": "t4"}, "nodes": {"max": 2}}}},
    "storage": {"buckets": {"data": {"size_gib": 10}}},
}
A10G = {"training": {"pools": {"jobs": {"gpu": {"type": "a10g"}, "nodes": {"max": 2}}}}}


def parity(capsys: pytest.CaptureFixture[str], folder: Path, values: dict[str, Any], *options: str) -> tuple[int, Any]:
    """The exit code and the JSON for a spec with these values."""
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    code = run(["parity", str(path), *options, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def places(found: Any) -> list[tuple[str, str, str]]:
    return [(side["cloud"], side["region"], side["account"]) for side in found["clouds"]]


def undated(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings but those that come with time alone."""
    return [one for one in found["diagnostics"] if one["code"] != "GP707"]


def test_every_cloud_and_every_component(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = parity(capsys, tmp_path, SPEC)
    assert (code, found["ok"], undated(found)) == (0, True, [])
    assert [part["component"] for part in found["components"]] == [component.name for component in components()]
    assert all(list(part["clouds"]) == list(CLOUDS) for part in found["components"])
    assert places(found) == [("aws", "eu-west-1", "111122223333"), ("gcp", "europe-west2", "example-project")]
    assert [side["own"] for side in found["clouds"]] == [True, False]


def test_the_own_cloud_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"provider": "gcp", "region": "europe-west4", "account": "fraud-dev-1"}
    _, found = parity(capsys, tmp_path, {**SPEC, "cloud": own})
    assert places(found) == [("gcp", "europe-west4", "fraud-dev-1"), ("aws", "eu-central-1", "123456789012")]


def test_clouds_in_the_order_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = parity(capsys, tmp_path, SPEC, "--clouds", "gcp, aws")
    assert [side["cloud"] for side in found["clouds"]] == ["gcp", "aws"]
    _, found = parity(capsys, tmp_path, SPEC, "--clouds", "gcp")
    assert [side["cloud"] for side in found["clouds"]] == ["gcp"]


@pytest.mark.parametrize(
    ("options", "regions"),
    [
        (["--region", "us-west-2"], ["us-west-2", "us-west1"]),
        (["--region", "us-east4"], ["eu-west-1", "us-east4"]),
        (["--region", "us-east4", "--region", "us-east-1"], ["us-east-1", "us-east4"]),
    ],
)
def test_regions(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], regions: list[str]) -> None:
    code, found = parity(capsys, tmp_path, SPEC, *options)
    assert (code, [side["region"] for side in found["clouds"]]) == (0, regions)


def test_a_spec_without_a_place_is_laid_out_at_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = parity(capsys, tmp_path, {key: value for key, value in SPEC.items() if key != "cloud"})
    assert (code, places(found)) == (
        0,
        [("aws", "us-east-1", "123456789012"), ("gcp", "us-central1", "example-project")],
    )


def test_a_spec_that_one_cloud_cannot_express(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = parity(capsys, tmp_path, {**SPEC, **A10G, "owner": "ML Platform"})
    assert (code, found["ok"]) == (1, False)
    assert [side["expressed"] for side in found["clouds"]] == [True, False]
    errors = [(d["code"], d["path"], d["place"]["line"]) for d in undated(found)]
    assert errors == [("GP204", "owner", 3), ("GP301", "training.pools.jobs", 10)]
    assert all(d["message"].startswith("on GCP: ") for d in undated(found))
    assert [part["component"] for part in found["components"]] == [component.name for component in components()]


def test_a_spec_whose_own_cloud_cannot_express_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"provider": "gcp", "region": "us-central1", "account": "example-project"}
    code, found = parity(capsys, tmp_path, {**SPEC, **A10G, "cloud": own})
    assert (code, [side["expressed"] for side in found["clouds"]]) == (1, [False, True])


def test_a_spec_that_no_cloud_can_express(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pool = {"gpu": {"memory_gib": 500}, "nodes": {"max": 2}}
    code, found = parity(capsys, tmp_path, {**SPEC, "training": {"pools": {"jobs": pool}}})
    assert (code, [side["expressed"] for side in found["clouds"]]) == (1, [False, False])
    assert [d["code"] for d in found["diagnostics"]] == ["GP301", "GP301"]
    assert run(["parity", str(tmp_path / "spec.yaml")]) == 1
    assert "Unknown, because no cloud supports the spec: services, state_store" in capsys.readouterr().out


def test_a_name_with_a_certificate_of_one_cloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What only the reading of a spec finds is the matter of one cloud, too, where another one takes the spec."""
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0d990263-0000-4000-8000-000000000001"
    mlflow = {"hosting": "serverless", "host": "mlflow.example.com", "aws": {"certificate": arn}}
    code, found = parity(capsys, tmp_path, {**SPEC, "tracking": {"mlflow": mlflow}})
    assert (code, [side["expressed"] for side in found["clouds"]]) == (1, [True, False])
    assert {d["code"] for d in found["clouds"][1]["diagnostics"]} == {"GP208"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({**SPEC, "vcpu": 4}, ["GP201"]),
        ({**{key: value for key, value in SPEC.items() if key != "cloud"}, "vcpu": 4}, ["GP201"]),
        ({**SPEC, "cloud": {**HERE, "provider": "mars"}}, ["GP204"]),
        ({**SPEC, "cloud": {**HERE, "region": "eu-west-9"}}, ["GP305"]),
        ({**SPEC, "cloud": {**HERE, "account": "fraud-dev-1"}}, ["GP204"]),
        ({**SPEC, "cloud": "aws"}, ["GP203"]),
    ],
)
def test_a_spec_that_is_wrong_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, Any], expected: list[str]
) -> None:
    code, found = parity(capsys, tmp_path, values)
    assert (code, [d["code"] for d in found["diagnostics"]]) == (2, expected)
    assert "components" not in found


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--clouds", "mars"], "'mars' is not one of 'aws', 'gcp'"),
        (["--clouds", ""], "'' is not one of 'aws', 'gcp'"),
        (["--region", "mars"], "error[GP305]: no region `mars` in the AWS or GCP tables"),
        (["--region", "us-east-1", "--region", "us-west-2"], "takes one region; AWS got us-east-1, us-west-2"),
        (["--clouds", "gcp", "--region", "us-east-1"], "no region `us-east-1` in the GCP tables"),
    ],
)
def test_places_that_there_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump(SPEC), encoding="utf-8")
    assert run(["parity", str(path), *options]) == 2
    assert says in capsys.readouterr().err


def test_a_third_cloud_needs_no_words_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CLOUDS, "tiny", "tests.architecture.tiny.cloud:TINY")
    values = {**SPEC, "training": {"pools": {"jobs": {"gpu": {"memory_gib": 20}, "vcpus": 4, "nodes": {"max": 2}}}}}
    code, found = parity(capsys, tmp_path, values)
    assert (code, [side["cloud"] for side in found["clouds"]]) == (0, ["aws", "gcp", "tiny"])
    network = next(part for part in found["components"] if part["component"] == "network")
    assert network["clouds"]["tiny"]["modules"] == ["tiny/network"]
    assert network["clouds"]["tiny"]["gives"] == {} and network["clouds"]["aws"]["gives"]
    addons = next(part for part in found["components"] if part["component"] == "cluster_addons")
    assert addons["clouds"]["tiny"]["instead"] == "tiny does it itself"
    assert [pool["machines"]["tiny"]["types"] for pool in found["pools"]] == [["small"], ["shiny"]]
    for output_format in ("text", "markdown"):
        assert run(["parity", str(tmp_path / "spec.yaml"), "--format", output_format]) == 0
        assert "tiny/network" in capsys.readouterr().out
