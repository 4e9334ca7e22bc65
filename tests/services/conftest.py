"""The MLflow of the rendered Deployment on real servers. Everything listens on loopback and ends with the tests."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from groundplan.terraform.offline import offline_session
from tests.kubernetes.objects import Json, objects
from tests.kubernetes.roots import MLFLOW
from tests.services.aws import Aws, aws
from tests.services.pods import Pod
from tests.services.postgres import Database, certificates, postgres

REGION, SECRET, BUCKET = "us-east-1", "fraud-dev/mlflow", "fraud-dev-mlflow"
DATABASE_PASSWORD = "p%40:w'#;=é{$HOME}&sslmode=disable"
ADMIN_PASSWORD = "a-long-%(password)s;#'="
FLASK_KEY = "k%41" * 10
SECRETS = (DATABASE_PASSWORD, ADMIN_PASSWORD, FLASK_KEY)


@dataclass(frozen=True)
class Cluster:
    """What pods of the Deployment need: the rendered objects, and the services around them."""

    plan: Json
    written: list[Json]
    database: Database
    aws: Aws
    folder: Path

    def pod(self, name: str) -> Pod:
        """A pod that has not started."""
        (deployment,) = (o for o in self.written if o["kind"] == "Deployment")
        config_maps = {o["metadata"]["name"]: o["data"] for o in self.written if o["kind"] == "ConfigMap"}
        folder = self.folder / name
        folder.mkdir()
        return Pod(deployment, config_maps, folder, self.aws.pod_environment)


@pytest.fixture(scope="session")
def cluster(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """PostgreSQL, S3 and Secrets Manager with an empty database, an empty bucket and the secret."""
    folder = tmp_path_factory.mktemp("services")
    with postgres(folder, "mlflow", DATABASE_PASSWORD) as database, aws(folder, REGION) as services:
        plan = planned(repository, folder, MLFLOW % {"pool": "", "database": checked(database), "more": ""})
        services.client("s3").create_bucket(Bucket=BUCKET)
        services.client("secretsmanager").create_secret(Name=SECRET, SecretString=secret_of(database))
        yield Cluster(plan, list(objects(plan)), database, services, folder)


def secret_of(database: Database, **more: str) -> str:
    """What the module `database` writes into the secret."""
    secret = {
        "host": database.host,
        "port": database.port,
        "username": database.username,
        "password": database.password,
        "dbname": database.dbname,
        "admin_password": ADMIN_PASSWORD,
        "flask_secret_key": FLASK_KEY,
        **more,
    }
    return json.dumps(secret)


def checked(database: Database) -> str:
    """The argument that makes the server check the database's certificate."""
    return f", ca_bundle_pem = {json.dumps(database.authority.read_text(encoding='utf-8'))}"


def planned(repository: Path, folder: Path, text: str) -> Json:
    """The plan of a root with this text."""
    top = folder / "terraform"
    shutil.copytree(repository / "modules", top / "modules")
    (top / "mlflow").mkdir()
    (top / "mlflow" / "main.tf").write_text(text, encoding="utf-8")
    with offline_session(top, ["mlflow"]) as session:
        result = session.plan("mlflow")
    assert result.plan is not None, [d.message for d in result.diagnostics]
    return result.plan


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority that did not sign the database's certificate."""
    return certificates(tmp_path_factory.mktemp("authority"), "stranger")[0]


@pytest.fixture(scope="session")
def first(cluster: Cluster) -> Pod:
    """The first pod, with an upgraded database, not yet serving. Another one upgraded it at the same time."""
    pods = [cluster.pod(name) for name in ("first", "twin")]
    for pod in pods:
        pod.run("fetch-secret")
    upgrades = [pod.start("upgrade-schema") for pod in pods]
    for upgrade in upgrades:
        output, _ = upgrade.communicate(timeout=120)
        assert upgrade.returncode == 0, output[-4000:]
    return pods[0]


@dataclass
class Server:
    """A pod that serves; another one can take its place."""

    pod: Pod
    stack: contextlib.ExitStack
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.process = self.stack.enter_context(self.pod.serving())

    @property
    def url(self) -> str:
        return self.pod.url

    def replace(self, pod: Pod) -> None:
        """Ends this pod as Kubernetes does, then runs another from its first step on."""
        self.process.terminate()
        assert self.process.wait(timeout=45) == 0, "it ends by itself when told to"
        self.stack.close()
        pod.initialise()
        self.pod = pod
        self.process = self.stack.enter_context(pod.serving())


@pytest.fixture(scope="session")
def server(first: Pod) -> Iterator[Server]:
    """The first pod, or the one in its place, serving."""
    with contextlib.ExitStack() as stack:
        yield Server(first, stack)


@pytest.fixture(scope="session")
def later(cluster: Cluster) -> Pod:
    """A pod that has not started: what the same Deployment puts in the first one's place."""
    return cluster.pod("later")


@pytest.fixture(scope="session")
def admin() -> tuple[str, str]:
    """The administrator's name and password."""
    return "admin", ADMIN_PASSWORD
