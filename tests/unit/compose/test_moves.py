"""A second render into a folder: what moves, is forgotten or imported, and which names cannot be taken over."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.app.source import source_in
from groundplan.components.keys import gcp as gcp_keys
from groundplan.compose import compose as composing
from groundplan.compose import renames as renaming
from groundplan.cost.report import CostReport
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.write import write
from groundplan.hcl.read import parse, read_folder
from groundplan.paths import MODULES
from groundplan.render.context import Context
from groundplan.render.readme import render_readme
from groundplan.render.render import render
from groundplan.render.roots import render_roots
from tests.unit.stack.specs import BASE

CLOUDS: dict[str, dict[str, Any]] = {
    "aws": {"provider": "aws", "region": "us-east-1", "account": "444455556666"},
    "gcp": {"provider": "gcp", "region": "us-central1", "account": "ml-project"},
}
SPEC: dict[str, Any] = BASE | {
    "training": {"pools": {"trainer": {"vcpus": 4, "nodes": {"max": 2}, "reads": ["data"], "writes": ["models"]}}},
    "storage": {"buckets": {"data": {}, "models": {}}},
    "registry": {"repositories": {"trainer": {}, "scorer": {}}},
}
NO_COST = cast(CostReport, None)
"""Nothing here has to do with prices."""
FOUNDATION = "10-foundation/moves.tf"


def resolved(folder: Path, values: dict[str, Any], overrides: Overrides | None = None) -> Resolved:
    spec = folder / "groundplan.yaml"
    spec.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return resolve_spec(spec, folder, overrides or Overrides())


def rendered(folder: Path, values: dict[str, Any], overrides: Overrides | None = None) -> dict[str, str]:
    """The files of the spec, which are then in the folder."""
    found = resolved(folder, values, overrides)
    source = source_in(found.document, found.path, folder, retargeted=False)
    context = Context(found.compose(), found.cloud, source, NO_COST, MODULES)
    files = dict(render(context, (render_roots, render_readme)))
    write(files, folder, overwrite=True)
    return files


def on(cloud: str, **changed: Any) -> dict[str, Any]:
    return SPEC | {"cloud": CLOUDS[cloud]} | {key: value for key, value in changed.items() if value is not None}


def without(spec: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key not in keys}


def moved(text: str) -> dict[str, str]:
    found = (block.attributes for block in parse(text, FOUNDATION).blocks if block.type == "moved")
    return {attributes["from"].value: attributes["to"].value for attributes in found}


def removed(text: str) -> set[str]:
    found = [block for block in parse(text, FOUNDATION).blocks if block.type == "removed"]
    kept = [block.blocks[0].attributes["destroy"].value for block in found]
    assert kept == ["false"] * len(found)
    return {block.attributes["from"].value for block in found}


def imported(text: str) -> dict[str, str]:
    found = (block.attributes for block in parse(text, FOUNDATION).blocks if block.type == "import")
    return {attributes["to"].value: attributes["id"].value for attributes in found}


def refused(folder: Path, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(DiagnosticsError) as caught:
        resolved(folder, values)
    return [(d.code, d.path or "", f"{d.message}: {d.hint}") for d in caught.value.diagnostics]


RENAMED: dict[str, Any] = {
    "training": {
        "pools": {
            "learner": {
                "renamed_from": "trainer",
                "vcpus": 4,
                "nodes": {"max": 2},
                "reads": ["data"],
                "writes": ["weights"],
            }
        }
    },
    "storage": {"buckets": {"data": {}, "weights": {"renamed_from": "models"}}},
    "registry": {"repositories": {"trainer": {}, "ranker": {"renamed_from": "scorer"}}},
}


def test_what_another_one_takes_the_address_of_is_not_moved_away(tmp_path: Path) -> None:
    """Another key ring: its keys stand where those of the first one stood, and Terraform takes no move of them."""
    rendered(tmp_path, on("gcp"))
    ring = on("gcp") | {"cloud": CLOUDS["gcp"] | {"gcp": {"key_ring_suffix": "blue"}}}
    assert FOUNDATION not in rendered(tmp_path, ring)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_first_render_moves_nothing(cloud: str, tmp_path: Path) -> None:
    files = rendered(tmp_path, on(cloud))
    assert not [name for name in files if name.endswith("moves.tf")]
    assert json.loads(files[LOCK_FILE])["left"] == []
    assert "Left behind" not in files["README.md"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_new_name_moves_addresses_and_nothing_in_the_cloud(cloud: str, tmp_path: Path) -> None:
    before = rendered(tmp_path, on(cloud))
    files = rendered(tmp_path, on(cloud, **RENAMED))
    moves = moved(files[FOUNDATION])
    assert moves["module.pool_training_trainer"] == "module.pool_training_learner"
    bucket = {"aws": "aws_s3_bucket", "gcp": "google_storage_bucket"}[cloud]
    repository = {"aws": "aws_ecr_repository", "gcp": "google_artifact_registry_repository"}[cloud]
    assert moves[f'module.object_store.{bucket}.this["models"]'] == f'module.object_store.{bucket}.this["weights"]'
    assert moves[f'module.registry.{repository}.this["scorer"]'] == f'module.registry.{repository}.this["ranker"]'
    assert removed(files[FOUNDATION]) == set()
    assert "20-platform/moves.tf" not in files
    assert files["20-platform/main.tf"] == before["20-platform/main.tf"]
    names = re.findall(r'(?:bucket|namespace) += "(.*)"', before["10-foundation/main.tf"])
    assert re.findall(r'(?:bucket|namespace) += "(.*)"', files["10-foundation/main.tf"]) == names


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_resource_of_a_bucket_moves(cloud: str, tmp_path: Path) -> None:
    """Settings are resources of their own on AWS: one that stays behind is taken from the bucket."""
    rendered(tmp_path, on(cloud))
    moves = moved(rendered(tmp_path, on(cloud, **RENAMED))[FOUNDATION])
    blocks = read_folder(MODULES / cloud / "object_store", outline=True)
    keyed = {b.labels[0] for b in blocks if b.type == "resource" and "for_each" in b.attributes}
    assert {address.split(".")[2] for address in moves if address.startswith("module.object_store.")} == keyed


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_leaves_the_spec_is_forgotten_key_by_key(cloud: str, tmp_path: Path) -> None:
    rendered(tmp_path, on(cloud, storage={"buckets": {"data": {}, "models": {}, "raw": {}}}))
    files = rendered(tmp_path, on(cloud))
    moves = moved(files[FOUNDATION])
    blocks = read_folder(MODULES / cloud / "object_store", outline=True)
    keyed = {b.labels[0] for b in blocks if b.type == "resource" and "for_each" in b.attributes}
    assert set(moves) == {f'module.object_store.{kind}.this["raw"]' for kind in keyed}
    assert removed(files[FOUNDATION]) == set(moves.values()) == {f"{k}.left_object_store_this_raw" for k in keyed}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_database_is_forgotten_with_its_bucket_and_what_it_is_encrypted_with(cloud: str, tmp_path: Path) -> None:
    rendered(tmp_path, on(cloud, tracking={"mlflow": {}}))
    files = rendered(tmp_path, on(cloud))
    gone = removed(files[FOUNDATION])
    assert "module.mlflow_database" in gone
    key, bucket = {
        "aws": ("aws_kms_key", "aws_s3_bucket"),
        "gcp": ("google_kms_crypto_key", "google_storage_bucket"),
    }[cloud]
    assert {f"{key}.left_keys_this_database", f"{bucket}.left_object_store_this_mlflow"} <= gone
    if cloud == "gcp":
        grants = {f"google_kms_crypto_key_iam_member.left_keys_this_database__{u}" for u in gcp_keys.USERS["database"]}
        assert grants <= gone
    readme = files["README.md"]
    commands = {"aws": "aws rds delete-db-instance", "gcp": "gcloud sql instances delete"}
    assert commands[cloud] in readme
    assert readme.index(commands[cloud]) < readme.index(" kms ")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_last_bucket_leaves_with_its_access_log(cloud: str, tmp_path: Path) -> None:
    pools = {"pools": {"trainer": {"vcpus": 4, "nodes": {"max": 2}}}}
    rendered(tmp_path, on(cloud, training=pools))
    gone = removed(rendered(tmp_path, without(on(cloud, training=pools), "storage"))[FOUNDATION])
    logs = {
        "aws": "aws_s3_bucket.left_object_store_logs",
        "gcp": "google_logging_project_bucket_config.left_object_store_this_0",
    }
    assert logs[cloud] in gone


def test_the_grant_of_a_service_stays_with_the_images_it_decrypts(tmp_path: Path) -> None:
    rendered(tmp_path, on("gcp"))
    files = rendered(tmp_path, without(on("gcp"), "registry"))
    gone = removed(files[FOUNDATION])
    assert "google_kms_crypto_key_iam_member.left_keys_this_storage__artifactregistry" in gone
    assert "google_kms_crypto_key.left_keys_this_storage" not in gone


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("changed", [RENAMED, {"registry": {"repositories": {"trainer": {}}}}])
def test_a_second_render_of_the_same_spec_is_identical(cloud: str, changed: dict[str, Any], tmp_path: Path) -> None:
    rendered(tmp_path, on(cloud))
    first = rendered(tmp_path, on(cloud, **changed))
    assert FOUNDATION in first
    assert rendered(tmp_path, on(cloud, **changed)) == first


def test_what_left_is_said_until_the_release_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smaller = on("aws", registry={"repositories": {"trainer": {}}})
    monkeypatch.setattr(composing, "__version__", "1.9.3")
    rendered(tmp_path, on("aws"))
    files = rendered(tmp_path, smaller)
    [left] = json.loads(files[LOCK_FILE])["left"]
    assert (left["asset"]["name"], left["since"], left["until"]) == (f"{SPEC['name']}/scorer", "1.9.3", "1.12.0")
    monkeypatch.setattr(composing, "__version__", "1.11.9")
    assert FOUNDATION in rendered(tmp_path, smaller)
    monkeypatch.setattr(composing, "__version__", "1.12.0")
    files = rendered(tmp_path, smaller)
    assert FOUNDATION not in files
    assert json.loads(files[LOCK_FILE])["left"] == []


@pytest.mark.parametrize(("release", "codes"), [("1.11.9", []), ("1.12.0", ["GP738"])])
def test_what_is_no_longer_remembered_is_told_once_with_what_deletes_it(
    release: str, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = on("aws", registry={"repositories": {"trainer": {}}})
    monkeypatch.setattr(composing, "__version__", "1.9.3")
    rendered(tmp_path, on("aws"))
    rendered(tmp_path, smaller)
    for module in (composing, renaming):
        monkeypatch.setattr(module, "__version__", release)
    found = resolved(tmp_path, smaller).renames()
    assert [one.code for one in found] == codes
    assert all(f"{SPEC['name']}/scorer" in one.message and "delete-repository" in (one.hint or "") for one in found)
    rendered(tmp_path, smaller)
    assert not codes or resolved(tmp_path, smaller).renames() == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_comes_back_is_imported(cloud: str, tmp_path: Path) -> None:
    larger = on(cloud, storage={"buckets": {"data": {}, "models": {}, "raw": {}}})
    name = re.findall(r'bucket += "(.*-raw-.*)"', rendered(tmp_path, larger)["10-foundation/main.tf"])[0]
    rendered(tmp_path, on(cloud))
    files = rendered(tmp_path, larger)
    bucket = {"aws": "aws_s3_bucket", "gcp": "google_storage_bucket"}[cloud]
    assert imported(files[FOUNDATION]) == {f'module.object_store.{bucket}.this["raw"]': f'"{name}"'}
    assert removed(files[FOUNDATION]) == set()
    assert rendered(tmp_path, larger) == files
    assert FOUNDATION not in rendered(tmp_path, larger, Overrides(forget=True))


def test_a_key_that_comes_back_is_looked_up_by_its_alias(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws"))
    rendered(tmp_path, without(on("aws"), "training"))
    ids = imported(rendered(tmp_path, on("aws"))[FOUNDATION])
    assert ids['module.keys.aws_kms_alias.this["cluster"]'] == '"alias/test-cluster"'
    looked_up = "data.aws_kms_alias.left_keys_this_cluster.target_key_id"
    assert ids['module.keys.aws_kms_key.this["cluster"]'] == looked_up


def test_a_database_that_comes_back_is_an_error_with_the_steps(tmp_path: Path) -> None:
    larger = on("aws", tracking={"mlflow": {}})
    rendered(tmp_path, larger)
    rendered(tmp_path, on("aws"))
    [(code, path, words)] = refused(tmp_path, larger)
    assert (code, path) == ("GP732", "tracking.mlflow.database")
    assert "tracking.mlflow.database.existing: " in words
    assert "--forget" in words


def test_a_database_is_not_left_in_a_network_that_goes_without_a_word(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws", tracking={"mlflow": {}}))
    buckets_alone = without(on("aws"), "training")
    assert [d.path for d in resolved(tmp_path, buckets_alone).notices if d.code == "GP734"] == [
        "tracking.mlflow.database"
    ]
    assert not [d for d in resolved(tmp_path, on("aws")).notices if d.code == "GP734"]


def test_a_name_may_change_again_and_back(tmp_path: Path) -> None:
    """A state may be that of any earlier render: every name it had leads to the one it has."""

    def named(name: str, first: str | None) -> dict[str, Any]:
        bucket = {"renamed_from": first} if first else {}
        return BASE | {"cloud": CLOUDS["aws"], "storage": {"buckets": {name: bucket}}}

    rendered(tmp_path, named("a", None))
    rendered(tmp_path, named("b", "a"))
    moves = moved(rendered(tmp_path, named("c", "a"))[FOUNDATION])
    address = "module.object_store.aws_s3_bucket.this"
    assert (moves[f'{address}["a"]'], moves[f'{address}["b"]']) == (f'{address}["b"]', f'{address}["c"]')
    back = moved(rendered(tmp_path, named("a", None))[FOUNDATION])
    assert (back[f'{address}["b"]'], back[f'{address}["c"]']) == (f'{address}["c"]', f'{address}["a"]')
    assert f'{address}["a"]' not in back


def test_the_types_of_a_renamed_pool_are_kept(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws"))
    lock = json.loads((tmp_path / LOCK_FILE).read_text())
    [types] = [d for d in lock["decisions"] if d["path"] == "training.pools.trainer.instance_types"]
    types["value"] = "m5.xlarge"
    (tmp_path / LOCK_FILE).write_text(json.dumps(lock))
    stack = resolved(tmp_path, on("aws", **RENAMED)).stack
    assert {d.path: d.value for d in stack.decisions}["training.pools.learner.instance_types"] == "m5.xlarge"


def buckets(**names: dict[str, Any]) -> dict[str, Any]:
    return BASE | {"cloud": CLOUDS["aws"], "storage": {"buckets": names}}


def test_a_first_name_that_never_was_is_an_error_with_the_likest(tmp_path: Path) -> None:
    rendered(tmp_path, buckets(data={}, models={}))
    [(code, path, words)] = refused(tmp_path, buckets(data={}, weights={"renamed_from": "model"}))
    assert (code, path) == ("GP731", "storage.buckets.weights.renamed_from")
    assert "did you mean `models`" in words


def test_a_name_between_the_first_and_the_last_is_an_error_with_the_first(tmp_path: Path) -> None:
    rendered(tmp_path, buckets(a={}))
    rendered(tmp_path, buckets(b={"renamed_from": "a"}))
    [(code, _, words)] = refused(tmp_path, buckets(c={"renamed_from": "b"}))
    assert code == "GP731"
    assert "`renamed_from: a`" in words


def test_a_name_that_a_state_may_still_have_is_not_free(tmp_path: Path) -> None:
    rendered(tmp_path, buckets(a={}))
    rendered(tmp_path, buckets(b={"renamed_from": "a"}))
    found = refused(tmp_path, buckets(c={"renamed_from": "a"}, b={}))
    assert [(code, path) for code, path, _ in found] == [("GP731", "storage.buckets.b")]


@pytest.mark.parametrize("now", [{}, {"existing": "another-bucket"}, {"renamed_from": "c"}])
def test_a_bucket_does_not_become_another_one_in_its_place(now: dict[str, Any], tmp_path: Path) -> None:
    rendered(tmp_path, buckets(a={}))
    rendered(tmp_path, buckets(b={"renamed_from": "a"}))
    found = refused(tmp_path, buckets(b=now))
    assert ("GP731", "storage.buckets.b") in [(code, path) for code, path, _ in found]
    assert "keep `renamed_from: a`" in found[-1][2]


def test_one_that_goes_and_one_that_comes_look_renamed(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws"))
    changed = on("aws", **deepcopy(RENAMED))
    changed["storage"] = {"buckets": {"data": {}, "weights": {}}}
    changed["training"]["pools"]["learner"].pop("renamed_from")
    found = [d for d in resolved(tmp_path, changed).notices if d.code == "GP733"]
    assert [d.severity for d in found] == [Severity.WARNING] * 2
    assert {d.path: str(d.hint).partition(" at ")[0] for d in found} == {
        "training.pools.learner": "`renamed_from: trainer`",
        "storage.buckets.weights": "`renamed_from: models`",
    }


def test_two_of_each_look_renamed_only_where_they_are_alike(tmp_path: Path) -> None:
    rendered(tmp_path, buckets(data={}, features={}, models={}))
    found = [d.hint for d in resolved(tmp_path, buckets(data={}, features2={}, zebra={})).notices if d.code == "GP733"]
    assert found == ["`renamed_from: features` at `storage.buckets.features2` keeps what is there"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_there_already_is_imported_under_its_own_name(cloud: str, tmp_path: Path) -> None:
    spec = on(
        cloud,
        storage={"buckets": {"data": {"existing": "legacy-data-1"}, "models": {}}},
        registry={"repositories": {"trainer": {"existing": "legacy-trainer"}}},
    )
    files = rendered(tmp_path, spec)
    ids = imported(files[FOUNDATION])
    store = "module.object_store.aws_s3_bucket"
    where = "projects/ml-project/locations/us-central1/repositories/"
    assert (
        ids
        == {
            "aws": {
                f'{store}.this["data"]': '"legacy-data-1"',
                f'{store}_lifecycle_configuration.this["data"]': '"legacy-data-1"',
                f'{store}_logging.this["data"]': '"legacy-data-1"',
                f'{store}_ownership_controls.this["data"]': '"legacy-data-1"',
                f'{store}_policy.this["data"]': '"legacy-data-1"',
                f'{store}_public_access_block.this["data"]': '"legacy-data-1"',
                f'{store}_server_side_encryption_configuration.this["data"]': '"legacy-data-1"',
                f'{store}_versioning.this["data"]': '"legacy-data-1"',
                'module.registry.aws_ecr_lifecycle_policy.this["trainer"]': '"legacy-trainer"',
                'module.registry.aws_ecr_repository.this["trainer"]': '"legacy-trainer"',
            },
            "gcp": {
                'module.object_store.google_storage_bucket.this["data"]': '"legacy-data-1"',
                'module.registry.google_artifact_registry_repository.this["trainer"]': f'"{where}legacy-trainer"',
            },
        }[cloud]
    )
    assert '"legacy-trainer"' in files["10-foundation/main.tf"]


def test_what_the_existing_thing_lacks_is_made(tmp_path: Path) -> None:
    """Terraform refuses to import what is not there."""
    lacks = ["encryption", "lifecycle", "logging", "ownership", "policy"]
    buckets = {"a": {"existing": "team-a", "versioning": False, "aws": {"lacks": lacks}}}
    repositories = {"r": {"existing": "team-r", "aws": {"lacks": ["lifecycle"]}}}
    ids = imported(
        rendered(
            tmp_path,
            without(on("aws", storage={"buckets": buckets}, registry={"repositories": repositories}), "training"),
        )[FOUNDATION]
    )
    assert {address.split(".")[2] for address in ids} == {
        "aws_s3_bucket",
        "aws_s3_bucket_public_access_block",
        "aws_ecr_repository",
    }


def test_services_that_use_keys_are_those_of_the_module() -> None:
    [users] = [
        block.attributes["users"].value
        for block in read_folder(MODULES / "gcp/keys", outline=True)
        if block.type == "locals" and "users" in block.attributes
    ]
    found = {
        purpose: tuple(re.findall(r'"(.*?)"', names)) for purpose, names in re.findall(r"(\w+) += \[(.*)\]", users)
    }
    assert found == gcp_keys.USERS


def test_every_name_of_a_spec_can_be_recorded(tmp_path: Path) -> None:
    spec = on("aws", storage={"buckets": {"data": {}, "models": {}, "a--b-1": {}}})
    spec["registry"] = {"repositories": {"x--y": {"existing": "team/a_b.c"}}}
    spec["training"] = {"pools": {"p--q": {"vcpus": 4, "nodes": {"max": 1}}}}
    first = rendered(tmp_path, spec)
    assert resolved(tmp_path, spec).kept.assets
    assert rendered(tmp_path, spec) == first


def test_what_has_a_name_twice_is_refused(tmp_path: Path) -> None:
    twice = {"existing": "legacy-data"}
    assert [code for code, _, _ in refused(tmp_path, buckets(a=twice, b=twice))] == ["GP731", "GP731"]
    both = refused(tmp_path, buckets(a={"renamed_from": "x", "existing": "legacy-data"}))
    assert [(code, path) for code, path, _ in both] == [("GP731", "storage.buckets.a.renamed_from")]
    swapped = refused(tmp_path, buckets(a={"renamed_from": "b"}, b={"renamed_from": "a"}))
    assert {code for code, _, _ in swapped} == {"GP731"}
    same = refused(tmp_path, buckets(a={"renamed_from": "c"}, b={"renamed_from": "c"}))
    assert [path for _, path, _ in same] == ["storage.buckets.a.renamed_from", "storage.buckets.b.renamed_from"]


def test_a_log_that_comes_back_is_imported_with_its_own_sink(tmp_path: Path) -> None:
    pools = {"pools": {"trainer": {"vcpus": 4, "nodes": {"max": 2}}}}
    rendered(tmp_path, on("gcp", training=pools))
    rendered(tmp_path, without(on("gcp", training=pools), "storage"))
    ids = imported(rendered(tmp_path, on("gcp", training=pools))[FOUNDATION])
    sink = ids["module.object_store.google_logging_project_sink.this[0]"]
    assert re.fullmatch(r'"projects/ml-project/sinks/test-access-logs-\w+"', sink)
    assert "module.keys.google_kms_key_ring.this" not in ids


def test_a_damaged_record_is_no_record(tmp_path: Path) -> None:
    """A lock comes with a pull request: what it says becomes HCL and commands, so only names are names."""
    rendered(tmp_path, on("aws"))
    for field, value in (
        ("name", "x; rm -rf /"),
        ("key", 'x"]} resource "a" "b" {'),
        ("resources", ['aws_s3_bucket.this["x"] }']),
        ("call", "x.y"),
        ("was", ["x\n"]),
    ):
        lock = json.loads((tmp_path / LOCK_FILE).read_text())
        lock["assets"][0][field] = value
        (tmp_path / LOCK_FILE).write_text(json.dumps(lock))
        assert resolved(tmp_path, on("aws")).kept.assets == (), field
        rendered(tmp_path, on("aws"))


def test_a_record_without_resources_takes_no_call_that_stands(tmp_path: Path) -> None:
    rendered(tmp_path, on("aws"))
    files = rendered(tmp_path, on("aws", registry={"repositories": {"trainer": {}}}))
    lock = json.loads(files[LOCK_FILE])
    lock["left"][0]["asset"]["resources"] = []
    (tmp_path / LOCK_FILE).write_text(json.dumps(lock))
    assert FOUNDATION not in rendered(tmp_path, on("aws", registry={"repositories": {"trainer": {}}}))
