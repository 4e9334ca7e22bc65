"""What people read in a rendered environment: its README and the layout of its roots."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from groundplan.app.pipeline import rerender, resolve_spec
from groundplan.environment.files import LOCK_FILE
from groundplan.hcl.read import parse
from groundplan.hcl.references import RootVariable
from tests.unit.stack.specs import BASE, training

CLOUDS = {
    "aws": BASE["cloud"],
    "gcp": {"provider": "gcp", "region": "us-central1", "account": "example-project"},
}
BUCKETS = {"buckets": {"data": {"size_gib": 10}}}


def rendered(folder: Path, values: dict[str, Any]) -> dict[str, str]:
    spec = folder / "groundplan.yaml"
    spec.write_text(yaml.safe_dump(values), encoding="utf-8")
    return dict(resolve_spec(spec).render(folder))


def test_no_two_blank_lines(tmp_path: Path) -> None:
    files = rendered(tmp_path, BASE | {"training": training(gpu={"type": "l4"}), "storage": BUCKETS})
    roots = [name for name in files if re.match(r"\d\d-", name)]
    assert 'source = "../modules/kubernetes/gpu_plugin"\n}\n' in files["20-platform/main.tf"]
    assert [name for name in (*roots, "README.md") if "\n\n\n" in files[name]] == []


def test_every_root_has_the_variables_that_calls_may_refer_to(tmp_path: Path) -> None:
    files = rendered(tmp_path, BASE | {"training": training(vcpus=4), "storage": BUCKETS})
    declared = [
        tuple(block.labels[0] for block in parse(text, name).blocks)
        for name, text in files.items()
        if re.fullmatch(r"\d\d-\w+/variables\.tf", name)
    ]
    assert declared == [get_args(RootVariable)] * 3


@pytest.mark.parametrize(
    ("state", "expected"),
    [({"backend": "local"}, "State is a file in each folder"), ({}, "`00-state` makes the bucket")],
)
def test_the_readme_says_where_state_is(state: dict[str, str], expected: str, tmp_path: Path) -> None:
    assert expected in rendered(tmp_path, BASE | {"storage": BUCKETS, "state": state})["README.md"]


def backends(files: dict[str, str]) -> dict[str, str]:
    """Text of each root's backend, by root."""
    return {name.partition("/")[0]: text for name, text in files.items() if name.endswith("/backend.tf")}


def test_state_is_encrypted_with_the_key_of_its_bucket(tmp_path: Path) -> None:
    """`encrypt` without a key asks S3 for AES256, which beats the bucket's default."""
    found = backends(rendered(tmp_path, BASE | {"storage": BUCKETS}))
    assert 'backend "s3"' in found["10-foundation"]
    assert not [root for root, text in found.items() if "encrypt" in text or "kms_key_id" in text]


def test_a_bucket_of_somebody_elses_may_want_a_key_and_lie_in_another_region(tmp_path: Path) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    block = {"region": "eu-central-1", "kms_key_arn": key}
    state = {"bucket": "team-state", "prefix": "ml/dev", "aws": block}
    found = backends(rendered(tmp_path, BASE | {"storage": BUCKETS, "state": state}))
    values = dict(re.findall(r"(\w+) += (\S+)", found["10-foundation"]))
    assert values == {
        "bucket": '"team-state"',
        "key": '"ml/dev/10-foundation/terraform.tfstate"',
        "region": '"eu-central-1"',
        "encrypt": "true",
        "kms_key_id": f'"{key}"',
        "use_lockfile": "true",
    }


@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_moving_the_state_of_the_state_root_changes_its_backend_alone(provider: str, tmp_path: Path) -> None:
    values = BASE | {"cloud": CLOUDS[provider], "storage": BUCKETS}
    before = rendered(tmp_path, values | {"state": {"own_state": "local"}})
    after = rendered(tmp_path, values | {"state": {"own_state": "remote"}})
    assert {name for name in after if after[name] != before.get(name)} == {
        "00-state/backend.tf",
        "README.md",
        "groundplan.lock.json",
    }
    assert after.keys() == before.keys()
    assert 'backend "local" {}' in before["00-state/backend.tf"]
    assert after["00-state/backend.tf"] == after["10-foundation/backend.tf"].replace("10-foundation", "00-state")
    assert "set `state.own_state: remote`, render again" in before["README.md"]
    assert "set `state.own_state: local`, render" in after["README.md"]


def test_decisions_are_in_the_words_of_the_spec(tmp_path: Path) -> None:
    readme = rendered(tmp_path, BASE | {"training": training(vcpus=4), "storage": BUCKETS})["README.md"]
    assert "| `cluster.deletion_protection` | true |" in readme


def test_a_spec_with_a_base_is_what_its_environment_is_rendered_from(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("apiVersion: groundplan/v1\nowner: a-team\n", encoding="utf-8")
    folder = tmp_path / "dev"
    folder.mkdir()
    own = {key: value for key, value in BASE.items() if key not in ("apiVersion", "owner")}
    files = rendered(folder, own | {"extends": "../base.yaml", "storage": BUCKETS})
    assert "from groundplan.yaml: change the spec" in files["10-foundation/main.tf"]
    assert "`groundplan.yaml`: change that" in files["README.md"]
    spec = json.loads(files[LOCK_FILE])["spec"]
    assert (spec["file"], [source["file"] for source in spec["sources"]]) == (
        "groundplan.yaml",
        ["groundplan.yaml", "../base.yaml"],
    )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert rerender(folder) == files


def test_one_item_without_a_figure(tmp_path: Path) -> None:
    assert (
        "**at least**: 1 item has no figure."
        in rendered(tmp_path, BASE | {"storage": {"buckets": {"data": {}}}})["COST.md"]
    )


@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_the_state_root_of_a_new_environment_keeps_its_state_in_its_bucket(provider: str, tmp_path: Path) -> None:
    values = BASE | {"cloud": CLOUDS[provider], "storage": BUCKETS}
    new = rendered(tmp_path, values)
    assert new["00-state/backend.tf"] == new["10-foundation/backend.tf"].replace("10-foundation", "00-state")
    assert "terraform -chdir=00-state init -force-copy" in new["README.md"]
