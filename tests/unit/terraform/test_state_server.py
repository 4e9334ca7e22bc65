"""States of rehearsals over loopback: read back as written, at addresses nobody can guess, and only where it works."""

from __future__ import annotations

import http.client
import re
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from groundplan.sandbox.sandbox import NO_SANDBOX, best_sandbox
from groundplan.terraform import state_server
from groundplan.terraform.offline import offline_session
from groundplan.terraform.state_server import StateServer

ADDRESS = re.compile(r'address = "(http://127\.0\.0\.1:\d+/(\S{43}))"')


def address_of(server: StateServer, file: Path) -> str:
    found = ADDRESS.search(server.backend(file) or "")
    assert found
    return found[1]


def status(address: str, content: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, content), timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_state_is_what_was_written_last(tmp_path: Path) -> None:
    file = tmp_path / "state"
    with StateServer() as server:
        address = address_of(server, file)
        assert status(address) == 404
        for content in (b'{"serial": 1}', b"{}"):
            assert status(address, content) == 200
            assert file.read_bytes() == content
            with urllib.request.urlopen(address, timeout=5) as response:
                assert response.read() == content
    with pytest.raises(urllib.error.URLError):
        status(address)


def test_each_state_has_an_address_that_cannot_be_guessed(tmp_path: Path) -> None:
    with StateServer() as server:
        one, other = (address_of(server, tmp_path / name) for name in ("one", "other"))
        assert status(one, b"1") == 200
        assert one != other and status(other) == 404
        for path in ("", "/", "/state", "/../state"):
            unknown = one.rpartition("/")[0] + path
            assert (status(unknown), status(unknown, b"2")) == (404, 404)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_in_place_of_a_state_leads_nowhere(tmp_path: Path, what: str) -> None:
    """What Terraform was made to run may write in the session's folder, and must not write elsewhere through us."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    (outside / "state").write_text("as it was")
    if what == "folder":
        inside.symlink_to(outside)
    else:
        inside.mkdir()
        (inside / "state").symlink_to(outside / "state")
    with StateServer() as server:
        address = address_of(server, inside / "state")
        with pytest.raises((OSError, http.client.HTTPException)):
            urllib.request.urlopen(urllib.request.Request(address, b"changed"), timeout=5)
        assert status(address) == 404
    assert (outside / "state").read_text() == "as it was"


def test_a_state_without_end_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with StateServer() as server:
        host, _, path = address_of(server, tmp_path / "state").removeprefix("http://").partition("/")
        connection = http.client.HTTPConnection(host, timeout=5)
        connection.putrequest("POST", f"/{path}")
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders()
        assert connection.getresponse().status == 413
        for length in ("x", "-1"):
            with socket.create_connection(tuple(host.split(":")), 5) as hostile:  # type: ignore[arg-type]
                hostile.sendall(f"POST /{path} HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
                hostile.shutdown(socket.SHUT_WR)
                hostile.recv(100)
    assert capfd.readouterr().err == ""


ROOT = """
    resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
    output "id" { value = aws_vpc.main.id }
"""


def test_a_rehearsal_behind_walls_keeps_its_state_by_the_relay(tmp_path: Path) -> None:
    if not best_sandbox().walls.network:
        pytest.skip("the kernel refuses network namespaces")
    (tmp_path / "main.tf").write_text(ROOT, encoding="utf-8")
    with offline_session(tmp_path) as session:
        result = session.rehearse(".")
        override = next(session.copy_of(".").glob("*_groundplan_override.tf")).read_text()
    assert best_sandbox().relay_address in override
    assert result.ok and (result.created, result.destroyed, result.changed_by_second_plan) == (1, 1, 0)


@pytest.mark.parametrize("loopback", [True, False])
def test_a_rehearsal_is_the_same_without_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loopback: bool
) -> None:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "main.tf").write_text(ROOT, encoding="utf-8")
    if not loopback:
        monkeypatch.setattr(state_server, "_reachable", lambda port: False)
    with offline_session(folder, sandbox=NO_SANDBOX) as session:
        result = session.rehearse(".")
        backend = 'backend "http"' in next(session.copy_of(".").glob("*_groundplan_override.tf")).read_text()
    assert backend == loopback
    assert result.ok
    assert (result.created, result.destroyed, result.changed_by_second_plan) == (1, 1, 0)


def test_nothing_to_listen_on_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_server, "_LOOPBACK", "203.0.113.1")
    with StateServer() as server:
        assert server.backend(tmp_path / "state") is None
