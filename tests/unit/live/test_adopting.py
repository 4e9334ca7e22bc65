"""What is named in the spec and not there: one line for each thing, from what Terraform and providers say of it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.app.live.adopting import not_there, taken
from groundplan.app.pipeline import Resolved, resolve_document
from groundplan.cli.common import exit_code_of
from groundplan.diagnostics import Diagnostic
from groundplan.live.state import state_of
from groundplan.spec.load import load
from groundplan.stack.assets import Asset
from tests.sizes import spec_text
from tests.unit.live.environments import state

ROOT = "10-foundation"
SPEC = """\
apiVersion: groundplan/v1
storage:
  buckets:
    models: {existing: team-models, aws: {lacks: [policy]}}
registry:
  repositories:
    trainer: {existing: team/trainer}
keys:
  storage: {existing: alias/team}
tracking:
  mlflow:
    database: {existing: team-mlflow, aws: {client_rule: sgr-0123456789abcdef0}}
"""
_ABSENT = (
    "Cannot import non-existent remote object: While attempting to import an existing object to {0}, the provider "
    "detected that no object exists with the given id. Only pre-existing objects can be imported; check that the id is "
    "correct and that it is associated with the provider's configured region or endpoint, or use"
)
SETTINGS = ("aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_bucket_logging", "aws_s3_bucket_versioning")


def resolve_spec(folder: Path, cloud: str) -> Resolved:
    file = folder / f"{cloud}.yaml"
    file.write_text(spec_text("cpu-serving", cloud, "minimal"), encoding="utf-8")
    return resolve_document(load(file), file, folder)


def asset(kind: str, name: str, path: str, call: str, key: str, *types: str, imported: bool = True) -> Any:
    resources = tuple(f'{type_}.this["{key}"]' for type_ in types)
    made: Any = Asset(kind, name, path, ROOT, call, key, resources=resources, imported=imported)  # type: ignore[arg-type]
    return SimpleNamespace(asset=made, layer=ROOT)


ASSETS = (
    asset("bucket", "team-models", "storage.buckets.models", "object_store", "models", *SETTINGS),
    asset("repository", "team/trainer", "registry.repositories.trainer", "registry", "trainer", "aws_ecr_repository"),
    asset("key", "team", "keys.storage", "keys", "storage", "aws_kms_key", "aws_kms_alias"),
    asset("database", "team-mlflow", "tracking.mlflow.database", "mlflow_database", ""),
    asset("bucket", "old", "storage.buckets.old", "object_store", "old", "aws_s3_bucket", imported=False),
)


def absent(address: str) -> Diagnostic:
    quoted = '"' + address.replace('"', '\\"') + '"'
    return Diagnostic("GP922", f"{ROOT}: {_ABSENT.format(quoted)}")


def told(tmp_path: Path, *found: Diagnostic, now: Any = None) -> tuple[Diagnostic, ...]:
    (tmp_path / "groundplan.yaml").write_text(SPEC, encoding="utf-8")
    cloud = SimpleNamespace(provider="aws", region="us-east-1")
    lock = SimpleNamespace(assets=ASSETS, cloud=cloud, spec=SimpleNamespace(file="groundplan.yaml"))
    at: Any = SimpleNamespace(
        standing=SimpleNamespace(lock=lock, folder=tmp_path), caller=SimpleNamespace(account="123456789012")
    )
    return not_there(at, ROOT, found, now)


def test_a_thing_that_is_not_there_is_one_line_with_its_place(tmp_path: Path) -> None:
    parts = [absent(f'module.object_store.{type_}.this["models"]') for type_ in SETTINGS[:2]]
    [found] = told(tmp_path, *parts)
    assert found.code == "GP825"
    assert exit_code_of([found]) == 5
    assert "bucket team-models cannot be taken over, it is not to be seen in us-east-1 of 123456789012" in found.message
    assert found.place and found.place.line == 4
    assert "storage.buckets.models.existing" in str(found.hint)


def test_settings_that_are_not_there_are_listed_with_those_that_the_spec_has(tmp_path: Path) -> None:
    parts = [absent(f'module.object_store.{type_}.this["models"]') for type_ in SETTINGS[2:]]
    [found] = told(tmp_path, *parts)
    assert "is there, but not its logging, versioning" in found.message
    assert "`storage.buckets.models.aws.lacks: [logging, policy, versioning]`" in str(found.hint)


def test_a_key_whose_alias_is_not_there_is_told_of_the_lookup(tmp_path: Path) -> None:
    looked_up = Diagnostic(
        "GP922",
        f"{ROOT}: reading KMS Alias (alias/team): empty result",
        address="data.aws_kms_alias.left_keys_this_storage",
    )
    [found] = told(tmp_path, looked_up)
    assert "key team cannot be taken over" in found.message
    assert "reading KMS Alias (alias/team): empty result" in found.message
    assert found.place and found.place.line == 9


def test_parts_of_a_database_and_the_rule_that_lets_clients_in(tmp_path: Path) -> None:
    at = "data.aws_security_group.left_mlflow_database_this"
    group = Diagnostic("GP922", f"{ROOT}: no matching EC2 Security Group found", address=at)
    [lacks] = told(tmp_path, group, absent("module.mlflow_database.aws_db_parameter_group.this"))
    assert "`tracking.mlflow.database.aws.lacks: [parameter_group, security_group]`" in str(lacks.hint)
    [rule] = told(tmp_path, absent('module.mlflow_database.aws_vpc_security_group_ingress_rule.client["mlflow"]'))
    assert "correct `tracking.mlflow.database.aws.client_rule`" in str(rule.hint)


def test_what_came_back_and_is_gone_is_told_with_another_remedy(tmp_path: Path) -> None:
    [found] = told(tmp_path, absent('module.object_store.aws_s3_bucket.this["old"]'))
    assert "--forget" in str(found.hint)


def test_other_problems_stay_as_they_are(tmp_path: Path) -> None:
    other = Diagnostic("GP922", f"{ROOT}: something else", address="module.network.aws_vpc.this")
    found = told(tmp_path, other, absent('module.registry.aws_ecr_repository.this["trainer"]'))
    assert [one.code for one in found] == ["GP825", "GP922"]
    assert told(tmp_path, other) == (other,)


def test_what_only_looks_like_an_address_is_none(tmp_path: Path) -> None:
    other = Diagnostic("GP922", rf'{ROOT}: cannot read "module.certs\ca.pem"')
    assert told(tmp_path, other) == (other,)


def test_what_a_state_has_already_fails_for_other_reasons(tmp_path: Path) -> None:
    address = 'module.registry.aws_ecr_repository.this["trainer"]'
    recorded = {"mode": "managed", "module": "module.registry", "type": "aws_ecr_repository", "name": "this"}
    fields = json.loads(state(1)) | {"resources": [{**recorded, "instances": [{"index_key": "trainer"}]}]}
    found = Diagnostic("GP922", f"{ROOT}: reading it: no permission", address=address)
    assert told(tmp_path, found, now=state_of(json.dumps(fields).encode())) == (found,)
    assert [one.code for one in told(tmp_path, found)] == ["GP825"]


NEW = (
    asset("bucket", "demo-data-1", "storage.buckets.data", "object_store", "data", "aws_s3_bucket", imported=False),
    asset("bucket", "demo-logs-1", "storage.buckets", "object_store", "", "aws_s3_bucket", imported=False),
    asset(
        "repository", "demo/app", "registry.repositories.app", "registry", "app", "aws_ecr_repository", imported=False
    ),
    asset("database", "demo-mlflow", "tracking.mlflow.database", "mlflow_database", "", imported=False),
    asset("database", "team", "tracking.mlflow.database", "team_database", ""),
)
BUCKET, REPOSITORY = 'module.object_store.aws_s3_bucket.this["data"]', 'module.registry.aws_ecr_repository.this["app"]'
INSTANCE = "module.mlflow_database.aws_db_instance.this"
GROUP = "module.team_database.aws_db_subnet_group.this"
OWN, TAKE = "and a render take it over", "it is there: `{}.existing: {}`"


@pytest.mark.parametrize(
    ("address", "words", "hint"),
    [
        (
            BUCKET,
            "creating S3 Bucket (demo-data-1): BucketAlreadyOwnedByYou",
            TAKE.format("storage.buckets.data", "demo-data-1"),
        ),
        (BUCKET, "googleapi: Error 409: Your previous request succeeded and you already own it., conflict", OWN),
        (BUCKET, "creating S3 Bucket (demo-data-1): BucketAlreadyExists", "if it is this account's; else"),
        (BUCKET, "googleapi: Error 409: The requested bucket name is not available. Select another", "somebody else"),
        (
            REPOSITORY,
            "creating ECR Repository: RepositoryAlreadyExistsException: The repository",
            "registry.repositories.app",
        ),
        (REPOSITORY, "Error creating Repository: googleapi: Error 409: the repository already exists", OWN),
        (INSTANCE, "creating RDS DB Instance: DBInstanceAlreadyExists: DB instance already exists", OWN),
        (
            GROUP,
            "creating RDS DB Subnet Group: DBSubnetGroupAlreadyExists: in use",
            "take `subnet_group` out of `lacks`",
        ),
    ],
)
def test_what_is_there_names_the_line_that_takes_it_over(address: str, words: str, hint: str) -> None:
    at: Any = SimpleNamespace(standing=SimpleNamespace(lock=SimpleNamespace(assets=NEW)))
    [found] = taken(at, None, ROOT, [Diagnostic("GP923", words, address=address)])
    assert hint in str(found.hint)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (BUCKET, "creating S3 Bucket: AccessDenied"),
        ('module.object_store.aws_s3_bucket.this[""]', "BucketAlreadyOwnedByYou"),
        ("module.network.aws_vpc.this", "VpcAlreadyExists"),
    ],
)
def test_nothing_is_advised_of_other_problems_and_of_what_the_spec_cannot_name(address: str, words: str) -> None:
    at: Any = SimpleNamespace(standing=SimpleNamespace(lock=SimpleNamespace(assets=NEW)))
    [found] = taken(at, None, ROOT, [Diagnostic("GP923", words, address=address)])
    assert found.hint is None


def test_a_key_is_named_by_what_it_is_imported_by(tmp_path: Path) -> None:
    for cloud, named in (("aws", "alias/demo-storage"), ("gcp", "/cryptoKeys/storage")):
        resolved = resolve_spec(tmp_path, cloud)
        keys = Asset(
            "key",
            "demo-storage" if cloud == "aws" else "demo/storage",
            "name",
            ROOT,
            "keys",
            "storage",
            resources=("x.this",),
        )
        at: Any = SimpleNamespace(
            standing=SimpleNamespace(lock=SimpleNamespace(assets=[SimpleNamespace(asset=keys, layer=ROOT)]))
        )
        [found] = taken(
            at, resolved, ROOT, [Diagnostic("GP923", "AlreadyExistsException", address="module.keys.x.this")]
        )
        assert "`keys.storage.existing: " in str(found.hint) and named in str(found.hint)
