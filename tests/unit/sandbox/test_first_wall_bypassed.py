"""Terraform on folders that the first wall refuses: what it then does reaches nothing, where the second one stands.

Each test shows first that without walls it does reach it.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from groundplan.sandbox.sandbox import NO_SANDBOX, Sandbox, best_sandbox
from groundplan.terraform.offline import offline_session

pytestmark = pytest.mark.slow

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: c
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users:
  - name: u
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        interactiveMode: Never
        command: /bin/sh
        args: ["-c", "touch SENTINEL"]
"""

PROVISIONER = """\
resource "terraform_data" "x" {
  provisioner "local-exec" {
    command = "touch inside; touch SENTINEL; true"
  }
}
"""


@pytest.fixture
def walls() -> Sandbox:
    found = best_sandbox()
    if not found.walls.complete:
        pytest.skip(f"not all walls stand here: {found.walls.reason}")
    return found


def write(folder: Path, files: dict[str, str], sentinel: Path) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text.replace("SENTINEL", str(sentinel)))
    return folder


def remote_state(backend: str, settings: str) -> str:
    return f'data "terraform_remote_state" "x" {{\n  backend = "{backend}"\n  config = {{\n{settings}\n  }}\n}}\n'


def test_a_program_in_a_kubeconfig_reaches_nothing(walls: Sandbox, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    settings = '    secret_suffix = "x"\n    config_path = "kubeconfig.yaml"'
    files = {"main.tf": remote_state("kubernetes", settings), "kubeconfig.yaml": KUBECONFIG}
    folder = write(tmp_path / "folder", files, sentinel)
    for sandbox, touched in ((NO_SANDBOX, True), (walls, False)):
        with offline_session(folder, sandbox=sandbox) as session:
            assert not session.plan(".").ok
        assert sentinel.exists() == touched
        sentinel.unlink(missing_ok=True)


def test_a_provisioner_reaches_nothing(walls: Sandbox, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    folder = write(tmp_path / "folder", {"main.tf": PROVISIONER}, sentinel)
    for sandbox, touched in ((NO_SANDBOX, True), (walls, False)):
        with offline_session(folder, sandbox=sandbox) as session:
            session.rehearse(".")
            assert (session.copy_of(".") / "inside").exists(), "it ran"
        assert sentinel.exists() == touched
        sentinel.unlink(missing_ok=True)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def asked(listener: socket.socket) -> bool:
    """Whether anybody has connected, up to now."""
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("kind", ["http", "pg"])
def test_a_state_elsewhere_is_not_asked_for(walls: Sandbox, tmp_path: Path, listener: socket.socket, kind: str) -> None:
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    settings = {
        "http": f'    address = "http://{host}/x"\n    retry_max = 0',
        "pg": f'    conn_str = "postgres://a:b@{host}/c?sslmode=disable&connect_timeout=1"',
    }
    folder = write(tmp_path / "folder", {"main.tf": remote_state(kind, settings[kind])}, tmp_path)
    with offline_session(folder, sandbox=walls) as session:
        assert not session.plan(".").ok
    assert not asked(listener)
    listener.settimeout(60)
    with ThreadPoolExecutor(1) as pool, offline_session(folder, sandbox=NO_SANDBOX) as session:
        answer = pool.submit(asked, listener)
        assert not session.plan(".").ok
        assert answer.result()


@pytest.mark.parametrize("length", [20, 150])
def test_a_session_works_under_a_temporary_folder_of_any_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """The name of a socket has at most 107 bytes."""
    long = tmp_path / ("t" * length)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    text = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    folder = write(tmp_path / "folder", {"main.tf": text}, tmp_path)
    for sandbox in (best_sandbox(), NO_SANDBOX):
        with offline_session(folder, sandbox=sandbox) as session:
            assert session.rehearse(".").ok
        assert list(long.iterdir()) == []


def test_a_plan_that_takes_longer_than_a_plugin_is_waited_for(walls: Sandbox, tmp_path: Path) -> None:
    """go-plugin looks every second whether the process of a plugin is there, by a number in its own namespace."""
    text = """
resource "aws_vpc" "main" {
  count      = 3000
  cidr_block = "10.0.0.0/16"
}
"""
    folder = write(tmp_path / "folder", {"main.tf": text}, tmp_path)
    with offline_session(folder, sandbox=walls) as session:
        result = session.plan(".")
    assert result.ok, result.diagnostics
    assert result.plan is not None and len(result.plan["resource_changes"]) == 3000
