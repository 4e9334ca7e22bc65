"""Keys that are there already: which ids the spec takes, and what Terraform is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.app.pipeline import resolve_spec
from groundplan.diagnostics import DiagnosticsError
from tests.unit.compose.test_moves import FOUNDATION, imported, on, rendered, without

SPEC = """apiVersion: groundplan/v1
name: acme
owner: ml
cloud: {{provider: {cloud}, {place}}}
registry: {{repositories: {{trainer: {{}}}}}}
keys:
  {keys}
"""
PLACES = {
    "aws": 'region: us-east-1, account: "444455556666"',
    "gcp": "region: us-central1, account: ml-prod-7",
}
ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
GCP = "projects/{}/locations/{}/keyRings/team/cryptoKeys/data"


def found(tmp_path: Path, cloud: str, keys: str) -> list[tuple[str, str, str]]:
    spec = tmp_path / "groundplan.yaml"
    spec.write_text(SPEC.format(cloud=cloud, place=PLACES[cloud], keys=keys), encoding="utf-8")
    try:
        resolve_spec(spec)
    except DiagnosticsError as error:
        for one in error.diagnostics:
            assert one.place and one.place.line >= 7 and one.place.column > 1, one
        return [(one.code, one.path or "", one.hint or "") for one in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("cloud", "id_"),
    [
        ("aws", "alias/team/data"),
        ("aws", f"arn:aws:kms:us-east-1:444455556666:key/{ID}"),
        ("gcp", GCP.format("ml-prod-7", "us-central1")),
    ],
)
def test_an_id_of_the_account_and_the_region_is_taken(cloud: str, id_: str, tmp_path: Path) -> None:
    assert found(tmp_path, cloud, f'storage: {{existing: "{id_}"}}') == []


@pytest.mark.parametrize(
    ("cloud", "id_", "code", "hint"),
    [
        ("aws", ID, "GP204", f"write its ARN, arn:aws:kms:us-east-1:444455556666:key/{ID}"),
        ("aws", "arn:aws:kms:us-east-1:444455556666:alias/team", "GP204", "write the alias alone, alias/team"),
        ("aws", "alias/aws/s3", "GP204", "write alias/<name> or arn:aws:kms:<region>:<account>:key/<id>"),
        ("aws", f"arn:aws:kms:eu-west-1:444455556666:key/{ID}", "GP208", "name a key of us-east-1"),
        ("aws", f"arn:aws:kms:us-east-1:210987654321:key/{ID}", "GP208", "name a key of 444455556666"),
        ("aws", GCP.format("ml-prod-7", "us-central1"), "GP204", "write alias/<name>"),
        ("gcp", "team/data", "GP204", "write all of its name, " + GCP.format("ml-prod-7", "us-central1")),
        ("gcp", GCP.format("other", "us-central1"), "GP208", "name a key of ml-prod-7"),
        ("gcp", GCP.format("ml-prod-7", "us"), "GP208", "name a key of us-central1"),
        ("gcp", GCP.format("ml-prod-7", "us-central1") + "/cryptoKeyVersions/1", "GP204", "write the key and not a"),
        ("gcp", "alias/team", "GP204", "write all of its name"),
    ],
)
def test_any_other_is_refused_with_what_to_write(cloud: str, id_: str, code: str, hint: str, tmp_path: Path) -> None:
    [(was, path, told)] = found(tmp_path, cloud, f'storage: {{existing: "{id_}"}}')
    assert (was, path) == (code, "keys.storage.existing")
    assert told.startswith(hint)


def test_a_key_for_two_purposes_and_one_that_nothing_needs_are_refused(tmp_path: Path) -> None:
    twice = found(tmp_path, "aws", "storage: {existing: alias/a}\n  logs: {existing: alias/a}")
    assert [(code, path) for code, path, _ in twice] == [
        ("GP208", "keys.storage.existing"),
        ("GP208", "keys.logs.existing"),
    ]
    assert found(tmp_path, "aws", "alerts: {existing: alias/a}") == [("GP208", "keys.alerts", "remove it")]


def test_an_alias_brings_the_key_that_it_names_and_an_arn_the_key_alone(tmp_path: Path) -> None:
    keys = {
        "storage": {"existing": "alias/team/data"},
        "logs": {"existing": f"arn:aws:kms:us-east-1:444455556666:key/{ID}"},
    }
    files = rendered(tmp_path, on("aws", keys=keys))
    assert imported(files[FOUNDATION]) == {
        'module.keys.aws_kms_key.this["storage"]': "data.aws_kms_alias.left_keys_this_storage.target_key_id",
        'module.keys.aws_kms_alias.this["storage"]': '"alias/team/data"',
        'module.keys.aws_kms_key.this["logs"]': f'"{ID}"',
    }
    assert 'storage = "team/data"' in files["10-foundation/main.tf"]


def test_a_key_in_another_ring_keeps_its_ring_and_when_it_leaves_the_spec_it_is_forgotten(tmp_path: Path) -> None:
    bare = without(on("gcp"), "training", "storage")
    keys = {"storage": {"existing": GCP.format("ml-project", "us-central1")}}
    files = rendered(tmp_path, bare | {"keys": keys})
    assert imported(files[FOUNDATION]) == {
        'module.keys.google_kms_crypto_key.this["storage"]': f'"{keys["storage"]["existing"]}"'
    }
    ring = keys["storage"]["existing"].rpartition("/cryptoKeys/")[0]
    assert f'ring = "{ring}"' in files["10-foundation/main.tf"]
    pools = {"training": on("gcp")["training"] | {"pools": {"trainer": {"vcpus": 4, "nodes": {"max": 2}}}}}
    gone = rendered(tmp_path, without(bare, "registry") | pools)[FOUNDATION]
    assert "google_kms_crypto_key.left_keys_this_storage" in gone and "destroy = false" in gone


@pytest.mark.parametrize(("cloud", "other"), [("aws", "alias/team"), ("gcp", GCP.format("ml-project", "us-central1"))])
def test_a_purpose_that_has_a_key_gets_no_other_one(cloud: str, other: str, tmp_path: Path) -> None:
    rendered(tmp_path, on(cloud))
    taken_over = on(cloud, keys={"storage": {"existing": other}})
    with pytest.raises(DiagnosticsError) as caught:
        rendered(tmp_path, taken_over)
    assert [(one.code, one.path) for one in caught.value.diagnostics] == [("GP308", "keys.storage.existing")]
    assert "remove `keys.storage`" in str(caught.value.diagnostics[0].hint)


def test_a_key_that_was_taken_over_stays_the_one(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws", keys={"storage": {"existing": "alias/team"}}))
    rendered(tmp_path, on("aws", owner="others", keys={"storage": {"existing": "alias/team"}}))
    with pytest.raises(DiagnosticsError) as caught:
        rendered(tmp_path, on("aws", keys={"storage": {"existing": "alias/other"}}))
    assert "keep `alias/team`" in str(caught.value.diagnostics[0].hint)
