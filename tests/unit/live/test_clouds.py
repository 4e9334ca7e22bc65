"""What real runs ask of both clouds: the same questions, the same answers, one line for each refusal."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, EndpointConnectionError, NoCredentialsError, UnauthorizedSSOTokenError
from botocore.stub import Stubber
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from moto import mock_aws

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.aws.live.cloud import AwsCloud
from groundplan.clouds.aws.live.cloud import connect as connect_aws
from groundplan.clouds.aws.live.store import S3Store
from groundplan.clouds.gcp.live.cloud import GcpCloud
from groundplan.clouds.gcp.live.cloud import connect as connect_gcp
from groundplan.clouds.gcp.live.rest import Endpoints, Rest
from groundplan.clouds.gcp.live.store import GcsStore
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import Caller, ClusterAccess, StateStore, lock_of, require_account
from groundplan.live.reach import reachable
from tests.unit.live.google import Answer, Session, refused

ACCOUNT, REGION, PROJECT = "123456789012", "us-east-1", "ml-project-1"
LOCK = {
    "ID": "7d2c1f44-0000-4000-8000-000000000001",
    "Operation": "OperationTypeApply",
    "Info": "",
    "Who": "ada@laptop",
    "Version": "1.11.4",
    "Created": "2026-11-30T06:10:00.123456789Z",
    "Path": "states/demo/10-foundation/terraform.tfstate",
}
KEYS = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION, **KEYS)


@pytest.fixture
def s3() -> Iterator[S3Store]:
    with mock_aws():
        own = client("s3")
        own.create_bucket(Bucket="states")
        own.put_bucket_versioning(Bucket="states", VersioningConfiguration={"Status": "Enabled"})
        yield S3Store(own, "states", ACCOUNT)


@pytest.fixture
def gcs() -> GcsStore:
    return GcsStore(Rest(Session()), "https://storage.googleapis.com", "states")


@pytest.fixture(params=["s3", "gcs"])
def store(request: pytest.FixtureRequest) -> StateStore:
    found: StateStore = request.getfixturevalue(request.param)
    return found


class TestStores:
    KEY = "demo/10-foundation/default.tfstate"

    def test_what_is_written_is_read(self, store: StateStore) -> None:
        assert store.exists() and store.read(self.KEY) is None
        assert store.write(self.KEY, b"{}")
        assert store.read(self.KEY) == b"{}"

    def test_only_if_new_writes_over_nothing(self, store: StateStore) -> None:
        assert store.write(self.KEY, b"first", only_if_new=True)
        assert not store.write(self.KEY, b"second", only_if_new=True)
        assert store.read(self.KEY) == b"first"

    def test_versions_are_the_objects_own_the_newest_first(self, store: StateStore) -> None:
        for text in (b"1", b"22", b"333"):
            store.write(self.KEY, text)
        store.write(f"{self.KEY}.backup", b"another")
        found = store.versions(self.KEY)
        assert [one.size_bytes for one in found] == [3, 2, 1]
        assert [one.latest for one in found] == [True, False, False]
        assert store.read_version(self.KEY, found[-1].id) == b"1"
        assert store.read_version(self.KEY, "0") is None
        assert store.first_keys("demo/", 5) == [self.KEY, f"{self.KEY}.backup"]
        assert store.first_keys("demo/", 1) == [self.KEY]
        assert not store.first_keys("another/", 5)

    def test_the_first_of_many_names_take_one_request(self, s3: S3Store) -> None:
        for number in range(30):
            s3.write(f"demo/{number:02}", b"x")
        asked: list[str] = []
        s3._client.meta.events.register("before-call.s3.ListObjectsV2", lambda **_: asked.append("list"))
        assert s3.first_keys("demo/", 10) == [f"demo/{number:02}" for number in range(10)]
        assert asked == ["list"]

    def test_nobody_holds_it(self, store: StateStore) -> None:
        assert store.lock(self.KEY) is None
        assert not store.remove_lock(self.KEY, "1")


class TestSavedPlans:
    """Their key, and objects under it."""

    def test_on_aws_the_alias_names_it(self, s3: S3Store) -> None:
        kms = client("kms")
        cloud = AwsCloud(client, ACCOUNT, REGION)
        assert stops(lambda: cloud.plans_key("states")) == "GP817"
        made = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/states-plans", TargetKeyId=made["KeyId"])
        assert cloud.plans_key("states") == made["Arn"]
        s3.write("demo/plan", b"x", under=made["Arn"])
        found = client("s3").head_object(Bucket="states", Key="demo/plan")
        assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", made["Arn"])
        assert not found.get("BucketKeyEnabled"), "the context is the object"
        s3.write("demo/state", b"x")
        assert client("s3").head_object(Bucket="states", Key="demo/state").get("SSEKMSKeyId") != made["Arn"]

    def test_on_google_it_is_beside_that_of_the_bucket(self) -> None:
        ring = "projects/p/locations/l/keyRings/states"
        session = Session()
        cloud = GcpCloud(Rest(session), PROJECT, REGION, "ada", Endpoints())
        assert stops(lambda: cloud.plans_key("states")) == "GP817"
        session.answers["/storage/v1/b/states"] = {"encryption": {"defaultKmsKeyName": f"{ring}/cryptoKeys/state"}}
        assert cloud.plans_key("states") == f"{ring}/cryptoKeys/plans"
        store = cloud.state_store("states")
        store.write("demo/plan", b"x", under=cloud.plans_key("states"))
        store.write("demo/state", b"x")
        assert session.keys == {"demo/plan": f"{ring}/cryptoKeys/plans"}


class TestLocks:
    def test_s3_names_the_lock_after_the_whole_key(self, s3: S3Store) -> None:
        s3.write("demo/terraform.tfstate.tflock", json.dumps(LOCK).encode())
        held = s3.lock("demo/terraform.tfstate")
        assert held is not None
        assert (held.id, held.who, held.operation) == (LOCK["ID"], "ada@laptop", "OperationTypeApply")
        assert held.created == datetime(2026, 11, 30, 6, 10, 0, 123456, tzinfo=UTC)
        assert not s3.remove_lock("demo/terraform.tfstate", "another")
        assert s3.remove_lock("demo/terraform.tfstate", held.id)
        assert s3.lock("demo/terraform.tfstate") is None

    def test_gcs_names_it_beside_the_state_and_its_generation_is_the_id(self) -> None:
        session = Session()
        store = GcsStore(Rest(session), "https://storage.googleapis.com", "states")
        generation = session.put("demo/default.tflock", json.dumps(LOCK).encode())
        held = store.lock("demo/default.tfstate")
        assert held is not None and held.id == str(generation)
        session.put("demo/default.tflock", json.dumps({**LOCK, "Who": "bob@ci"}).encode())
        assert not store.remove_lock("demo/default.tfstate", held.id), "taken again in the meantime"
        second = store.lock("demo/default.tfstate")
        assert second is not None and second.who == "bob@ci"
        assert store.remove_lock("demo/default.tfstate", second.id)
        assert not store.remove_lock("demo/default.tfstate", "not a number")

    @pytest.mark.parametrize(
        "text", ["", "[", "[]", '{"ID": 1, "Created": []}', '{"Created": "yesterday"}', "\x00\xff"]
    )
    def test_a_lock_that_says_nothing_is_still_one(self, text: str) -> None:
        held = lock_of(text.encode(), "12")
        assert (held.id, held.created) == ("12", None)

    def test_what_a_lock_says_is_bounded(self) -> None:
        assert len(lock_of(json.dumps({"Who": "x" * 10_000}).encode()).who) < 1_000


class TestCallers:
    def test_aws(self) -> None:
        with mock_aws():
            assert AwsCloud(client, ACCOUNT, REGION).caller().account == ACCOUNT

    def test_gcp(self) -> None:
        assert gcp({"/v3/projects/ml-project-1": {"projectId": PROJECT}}).caller() == Caller(PROJECT, "ada")

    def test_another_account_is_refused(self) -> None:
        require_account(Caller(ACCOUNT, "ada"), ACCOUNT)
        with pytest.raises(DiagnosticsError, match="GP813: the credentials are of 1, the environment is of 2"):
            require_account(Caller("1", "ada"), "2")

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (refused(404, "not found"), "GP813"),
            (Answer(200, b'{"projectId": "ml-project-1", "state": "DELETE_REQUESTED"}'), "GP813"),
            (refused(401, "invalid"), "GP814"),
            (refused(403, "denied"), "GP815"),
            (refused(500, "broken"), "GP816"),
            (Answer(200, b"<html>"), "GP816"),
            (Answer(502, b"<html>"), "GP816"),
        ],
    )
    def test_refusals_of_google(self, answer: Answer, code: str) -> None:
        assert stops(lambda: gcp({"/v3/projects/ml-project-1": answer}).caller()) == code

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (DefaultCredentialsError("none"), "GP812"),
            (RefreshError("invalid_grant"), "GP814"),
            (OSError("Name or service not known"), "GP816"),
        ],
    )
    def test_no_way_to_google(self, error: Exception, code: str) -> None:
        cloud = GcpCloud(Rest(Session(error=error)), PROJECT, REGION, "ada", Endpoints())
        assert stops(cloud.caller) == code

    @pytest.mark.parametrize(
        ("refusal", "code"),
        [
            ("ExpiredToken", "GP814"),
            ("InvalidClientTokenId", "GP812"),
            ("AccessDenied", "GP815"),
            ("Throttling", "GP816"),
        ],
    )
    def test_refusals_of_aws(self, refusal: str, code: str) -> None:
        sts = client("sts")
        with Stubber(sts) as stubber:
            stubber.add_client_error("get_caller_identity", refusal, "because")
            assert stops(lambda: AwsCloud(lambda _: sts, ACCOUNT, REGION).caller()) == code

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (NoCredentialsError(), "GP812"),
            (UnauthorizedSSOTokenError(), "GP814"),
            (EndpointConnectionError(endpoint_url="https://sts.us-east-1.amazonaws.com"), "GP816"),
        ],
    )
    def test_no_way_to_aws(self, error: BotoCoreError, code: str) -> None:
        class Fails:
            def get_caller_identity(self) -> None:
                raise error

        assert stops(lambda: AwsCloud(lambda _: Fails(), ACCOUNT, REGION).caller()) == code

    def test_no_credentials_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent")
        assert stops(lambda: connect_aws(ACCOUNT, REGION, {})) == "GP812"
        assert stops(lambda: connect_gcp(PROJECT, REGION, {})) == "GP812"

    def test_google_takes_the_token_and_the_endpoint_that_terraform_takes(self) -> None:
        environment = {
            "GOOGLE_OAUTH_ACCESS_TOKEN": "made-up",
            "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": "http://127.0.0.1:1/storage/v1/b",
        }
        found = connect_gcp(PROJECT, REGION, environment)
        assert found.state_store("states").url == "http://127.0.0.1:1/storage/v1/b/states"
        assert stops(found.state_store("states").exists) == "GP816"

    def test_a_bucket_of_somebody_else_is_refused(self) -> None:
        own = client("s3")
        with Stubber(own) as stubber:
            stubber.add_client_error("head_bucket", "403", "Forbidden", expected_params=None)
            assert stops(lambda: S3Store(own, "states", ACCOUNT).exists()) == "GP821"

    def test_no_bucket(self) -> None:
        with mock_aws():
            store = S3Store(client("s3"), "states", ACCOUNT)
            assert not store.exists() and store.read("a") is None and store.versions("a") == ()
            assert stops(lambda: store.write("a", b"")) == "GP817"
        gone = GcsStore(Rest(Session(bucket="other")), "https://storage.googleapis.com", "states")
        assert not gone.exists() and gone.read("a") is None and list(gone.versions("a")) == []
        assert stops(lambda: gone.write("a", b"")) == "GP817"


class TestStateKeys:
    def test_both_backends(self) -> None:
        assert AwsCloud(client, ACCOUNT, REGION).state_key({"key": "demo/10/terraform.tfstate"}) == (
            "demo/10/terraform.tfstate"
        )
        assert gcp({}).state_key({"prefix": "demo/10"}) == "demo/10/default.tfstate"


class TestClusters:
    def test_eks(self) -> None:
        eks = client("eks")
        found = {
            "endpoint": "https://a.eks.amazonaws.com",
            "certificateAuthority": {"data": "Q0E="},
            "resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True},
        }
        with Stubber(eks) as stubber:
            stubber.add_response("describe_cluster", {"cluster": found}, {"name": "demo"})
            stubber.add_client_error("describe_cluster", "ResourceNotFoundException")
            cloud = AwsCloud(lambda _: eks, ACCOUNT, REGION)
            cluster = cloud.cluster("demo")
            assert cluster == ClusterAccess("demo", "https://a.eks.amazonaws.com", True, "Q0E=")
            assert cloud.cluster("demo") is None
            assert cloud.kubeconfig(cluster)["exec"]["command"] == "aws"

    def test_gke(self) -> None:
        path = f"/v1/projects/{PROJECT}/locations/{REGION}/clusters/demo"
        found = {"endpoint": "10.0.0.2", "masterAuth": {"clusterCaCertificate": "Q0E="}}
        cloud = gcp({path: {**found, "privateClusterConfig": {"enablePrivateEndpoint": True}}})
        cluster = cloud.cluster("demo")
        assert cluster == ClusterAccess("demo", "https://10.0.0.2", True, "Q0E=")
        assert cloud.cluster("other") is None
        assert cloud.kubeconfig(cluster)["exec"]["command"] == "gke-gcloud-auth-plugin"

    def test_gke_by_its_dns_name(self) -> None:
        path = f"/v1/projects/{PROJECT}/locations/{REGION}/clusters/demo"
        found = {"endpoint": "10.0.0.2", "masterAuth": {"clusterCaCertificate": "Q0E="}}
        by_name = {"endpoint": "gke-1a2b.us-central1.gke.goog", "allowExternalTraffic": True}
        cloud = gcp({path: {**found, "controlPlaneEndpointsConfig": {"dnsEndpointConfig": by_name}}})
        assert cloud.cluster("demo") == ClusterAccess("demo", f"https://{by_name['endpoint']}", False, "")
        inside = {**by_name, "allowExternalTraffic": False}
        cloud = gcp({path: {**found, "controlPlaneEndpointsConfig": {"dnsEndpointConfig": inside}}})
        assert cloud.cluster("demo") == ClusterAccess("demo", "https://10.0.0.2", False, "Q0E=")

    def test_reachable_is_a_connection(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            there = ClusterAccess("demo", f"https://127.0.0.1:{server.getsockname()[1]}", True, "")
            assert reachable(there)
        assert not reachable(there)
        assert not reachable(ClusterAccess("demo", "https://[::1", True, ""))


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_has_its_part(name: str) -> None:
    cloud = find_cloud(name)
    module = cloud.extension("live") if cloud else None
    assert module is not None and module.LIVE.connect


def gcp(answers: dict[str, Any]) -> GcpCloud:
    return GcpCloud(Rest(Session(answers=answers)), PROJECT, REGION, "ada", Endpoints())


def stops(call: Any) -> str:
    """The code of the one line that a call ends with."""
    with pytest.raises(DiagnosticsError) as error:
        call()
    [only] = error.value.diagnostics
    assert "\n" not in only.message and only.hint
    return only.code
