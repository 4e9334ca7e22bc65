"""One rendered environment, a cloud to apply it to, and the servers that keep its states."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import requests
import yaml

from tests.live.cloud import Cloud, cloud
from tests.live.gcs import TOKEN, Bucket, Storage, storage
from tests.live.kube import FakeCluster, clouds, fake_cluster
from tests.live.wire import Wire, wire
from tests.services.processes import answers, free_port, running
from tests.sizes import spec_text

NAME = "cpu-serving"
"""Of the environment, and the prefix of its states."""
ROOTS = ("00-state", "10-foundation", "20-platform")
ACCOUNTS = {"aws": "123456789012", "gcp": "example-project"}
"""What the specs name; moto's own account is the first."""

CLUSTERS = ("aws_eks_cluster", "google_container_cluster")

_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_CLI_CONFIG = 'provider_installation {{\n  filesystem_mirror {{\n    path = "{}"\n  }}\n}}\n'
_EMBEDDED = Path(sys.executable).with_name("groundplan-terraform")


def programs() -> Mapping[str, Path]:
    """The Terraforms at hand by name: the embedded one, and those on PATH."""
    found = {name: shutil.which(name) for name in ("terraform", "tofu")}
    return {"embedded": _EMBEDDED, **{name: Path(path) for name, path in found.items() if path}}


class Reader(threading.Thread):
    """Reads what a process writes until nobody has its output open any more."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._read = bytearray()
        self.start()

    def run(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._read += line

    def text(self) -> str:
        """All of it; of what still runs, so much as there is after a moment."""
        self.join(timeout=5)
        return self._read.decode("utf-8", "replace")


@dataclass
class World:
    """Everything that an operator has: a folder, a program, credentials, and the cloud behind them."""

    provider: str
    folder: Path
    """The rendered environment, a copy of its own for each test."""
    home: Path
    """An empty folder for what is written outside of it."""
    cloud: Cloud
    wire: Wire
    """The way to the server that keeps states."""
    environment: dict[str, str]
    """All that a process of the operator's sees."""
    storage: Storage | None = None
    cluster: FakeCluster = field(default_factory=FakeCluster)
    """What answers for the environment's cluster, as long as it is in the cloud."""
    program: Path = _EMBEDDED
    extra: dict[str, str] = field(default_factory=dict)
    """Variables that a test adds."""
    readers: dict[int, Reader] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        return {**self.environment, **self.extra}

    def start(self, root: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Terraform in a root, in a process group of its own; `ended` waits for it."""
        return self.start_words([str(self.program), *arguments], cwd=self.folder / root, **options)

    def start_words(self, words: Sequence[str], *, cwd: Path, **options: Any) -> subprocess.Popen[bytes]:
        """Any command of the operator's; its output is read meanwhile, since a full pipe would stop it."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**self.variables, "TF_DATA_DIR": str(self.home / "data" / cwd.name)},
            start_new_session=True,
            **{**streams, **options},
        )
        if process.stdout:
            self.readers[process.pid] = Reader(process)
        return process

    def ended(self, process: subprocess.Popen[bytes], patience_seconds: float = 300.0) -> Ran:
        """Waits for the end of what was started."""
        process.wait(patience_seconds)
        reader = self.readers.get(process.pid)
        return Ran(process.returncode, reader.text() if reader else "")

    def run(self, root: str, *arguments: str, **options: Any) -> Ran:
        """Terraform in a root, to its end."""
        return self.ended(self.start(root, *arguments, **options))

    def good(self, root: str, *arguments: str) -> Ran:
        """The same, which has to end well."""
        ran = self.run(root, *arguments)
        assert ran.code == 0, ran.output
        return ran

    def apply(self, *roots: str) -> None:
        """Initialises and applies roots, in this order; all of them without any."""
        for root in roots or ROOTS:
            self.good(root, "init", "-input=false")
            self.good(root, "apply", "-auto-approve", "-input=false", "-no-color")

    def plan_code(self, root: str, *arguments: str) -> int:
        """0 for an empty plan, 2 for one with changes."""
        return self.run(root, "plan", "-detailed-exitcode", "-input=false", "-no-color", *arguments).code

    @property
    def bucket(self) -> str:
        """The state bucket that the environment names."""
        text = (self.folder / "10-foundation" / "backend.tf").read_text("utf-8")
        return text.partition("bucket")[2].split('"')[1]

    def state_key(self, root: str) -> str:
        """Where the state of a root is in the bucket."""
        return f"{NAME}/{root}/" + ("terraform.tfstate" if self.provider == "aws" else "default.tfstate")

    def lock_key(self, root: str) -> str:
        """Where its lock is."""
        key = self.state_key(root)
        return f"{key}.tflock" if self.provider == "aws" else key.replace(".tfstate", ".tflock")

    def put(self, key: str, data: bytes) -> None:
        """Writes an object into the state bucket, as somebody else does."""
        self.put_into(self.bucket, key, data)

    def put_into(self, bucket: str, key: str, data: bytes) -> None:
        """Writes an object into any bucket."""
        if self.storage:
            self.storage.buckets[bucket].put(key, data)
        else:
            self._s3().put_object(Bucket=bucket, Key=key, Body=data)

    def delete(self, key: str) -> None:
        """Removes an object of the state bucket, if there is one."""
        if self.storage:
            self.storage.buckets[self.bucket].remove(key)
        else:
            self._s3().delete_object(Bucket=self.bucket, Key=key)

    def generation(self, key: str) -> int:
        """The generation of an object in Cloud Storage, which is the id of a lock there."""
        assert self.storage
        live = self.storage.buckets[self.bucket].live(key)
        assert live
        return live.generation

    def make_bucket(self) -> None:
        """The state bucket without `00-state`, for a test of a later root."""
        if self.storage:
            self.storage.buckets[self.bucket] = Bucket(versioning=True)
        else:
            self._s3().create_bucket(Bucket=self.bucket)
            configuration = {"Status": "Enabled"}
            self._s3().put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration=configuration)

    def make_plain_bucket(self, name: str) -> None:
        """Any bucket, as the test cloud makes it."""
        if self.storage:
            self.storage.buckets[name] = Bucket()
        else:
            self._s3().create_bucket(Bucket=name)

    def empty_storage(self) -> None:
        """Takes away every bucket with all that is in it."""
        if self.storage:
            self.storage.buckets.clear()
        else:
            requests.post(f"{self.wire.url}/moto-api/reset", timeout=10).raise_for_status()

    def keys(self, prefix: str) -> list[str]:
        """Names of the objects of the state bucket that begin so."""
        if self.storage:
            bucket = self.storage.buckets[self.bucket]
            return [name for name in bucket.objects if name.startswith(prefix) and bucket.live(name)]
        found = self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [one["Key"] for page in found for one in page.get("Contents", ())]

    def remove_buckets(self, names: set[str]) -> None:
        """Takes away empty buckets."""
        for name in names:
            self._remove_bucket(name)

    def bucket_names(self) -> set[str]:
        """The buckets that there are."""
        if self.storage:
            return set(self.storage.buckets)
        return {one["Name"] for one in self._s3().list_buckets()["Buckets"]}

    def _remove_bucket(self, name: str) -> None:
        if self.storage:
            del self.storage.buckets[name]
        else:
            self._s3().delete_bucket(Bucket=name)

    def send(self, process: subprocess.Popen[bytes], number: int, *, group: bool = False) -> None:
        """Sends a signal to a process that `start` gave, or to all that it started too."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(process.pid, number)

    def get(self, key: str) -> bytes | None:
        """An object of the state bucket, None when there is none."""
        if self.storage:
            live = self.storage.buckets[self.bucket].live(key)
            return live.data if live else None
        s3 = self._s3()
        with contextlib.suppress(s3.exceptions.NoSuchKey):
            data: bytes = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return data
        return None

    def _s3(self) -> Any:
        keys = {key.lower(): value for key, value in _KEYS.items()}
        return boto3.client("s3", region_name="us-east-1", endpoint_url=self.wire.url, **keys)


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    output: str


@dataclass(frozen=True)
class _Servers:
    """What every process is told of the servers, and what the test cloud alone is."""

    wire: Wire
    operator: Mapping[str, str]
    cloud: Mapping[str, str]
    storage: Storage | None = None


@contextlib.contextmanager
def world(provider: str, rendered: Path, folder: Path) -> Iterator[World]:
    """An environment that is not applied yet, in an empty cloud; `folder` takes what it writes."""
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(_SERVERS[provider](folder))
        copy, home = folder / "environment", folder / "home"
        shutil.copytree(rendered, copy)
        home.mkdir()
        short = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gp-cloud-", dir="/tmp")))
        made = stack.enter_context(cloud(short, copy, servers.cloud))
        cluster = stack.enter_context(fake_cluster(folder))
        cluster.stands = lambda name: any(made.store.objects(kind, name=name) for kind in CLUSTERS)
        apis = stack.enter_context(clouds(cluster))
        variables = {**_plain(home), "TF_REATTACH_PROVIDERS": made.reattach, **servers.operator, **_apis(apis)}
        yield World(provider, copy, home, made, servers.wire, variables, servers.storage, cluster)


def _apis(url: str) -> dict[str, str]:
    """Where EKS, GKE and Compute Engine are."""
    return {
        "AWS_ENDPOINT_URL_EKS": url,
        "GOOGLE_CONTAINER_CUSTOM_ENDPOINT": f"{url}/v1/",
        "GOOGLE_COMPUTE_CUSTOM_ENDPOINT": f"{url}/compute/v1/",
    }


def _plain(home: Path) -> dict[str, str]:
    """An operator's environment without anything of this machine's; no provider and no module is ever fetched."""
    config, mirror = home / "terraformrc", home / "mirror"
    mirror.mkdir()
    config.write_text(_CLI_CONFIG.format(mirror), encoding="utf-8")
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TF_CLI_CONFIG_FILE": str(config),
        "CHECKPOINT_DISABLE": "1",
        "XDG_CACHE_HOME": str(home / "cache"),
    }


@contextlib.contextmanager
def _aws(folder: Path) -> Iterator[_Servers]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, folder / "moto.log", answers(f"{url}/moto-api/data.json")), wire(url) as way:
        shared = {**_KEYS, "AWS_EC2_METADATA_DISABLED": "true"}
        operator = {**shared, "AWS_ENDPOINT_URL": way.url}
        yield _Servers(way, operator, {**shared, "AWS_ENDPOINT_URL": url})


@contextlib.contextmanager
def _gcp(_folder: Path) -> Iterator[_Servers]:
    with storage() as state, wire(state.url) as way:
        operator = {
            "GOOGLE_OAUTH_ACCESS_TOKEN": TOKEN,
            "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{way.url}/storage/v1/",
            "GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT": f"{way.url}/v3/",
            "GOOGLE_CONTAINER_CUSTOM_ENDPOINT": f"{way.url}/v1/",
        }
        yield _Servers(way, operator, {"STORAGE_URL": state.url}, state)


_SERVERS: Mapping[str, Callable[[Path], contextlib.AbstractContextManager[_Servers]]] = {"aws": _aws, "gcp": _gcp}


def render(provider: str, folder: Path, *, without: Collection[str] = (), **changes: Any) -> Path:
    """The smallest environment with three roots and a state bucket of its own.

    `changes` are blocks of the spec, which is `without` others: without a cluster there are two roots.
    """
    whole = yaml.safe_load(spec_text("cpu-serving", provider, "minimal"))
    spec = {name: block for name, block in whole.items() if name not in without}
    spec |= {
        "state": {"backend": "remote", "own_state": "local"},
        **{name: {**spec.get(name, {}), **block} for name, block in changes.items()},
    }
    file, target = folder / "groundplan.yaml", folder / "rendered"
    file.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("groundplan")), "render", str(file), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target
