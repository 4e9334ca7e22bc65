"""Alerts as lines of a log: the receiver as the pod runs it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.monitoring.rendered import MODULE
from tests.monitoring.test_running import SECONDS
from tests.services import processes

SCRIPT = MODULE / "alert_log.py"
FIRING: dict[str, Any] = {
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "GpuIdle", "severity": "warning", "namespace": "training"},
            "annotations": {
                "summary": "GPU 0 idles",
                "description": "It is paid for.",
                "runbook_url": "https://example.com/runbooks#gpuidle",
            },
            "startsAt": "2026-11-22T10:00:00Z",
        }
    ],
}


@contextlib.contextmanager
def receiver(folder: Path) -> Iterator[int]:
    """The port of a receiver whose standard output goes to `out` in that folder."""
    port = processes.free_port()
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-I", SCRIPT],
            stdout=out,
            stderr=err,
            env={**os.environ, "CLUSTER": "fraud-dev", "PORT": str(port)},
        )
        try:
            end = time.monotonic() + SECONDS
            while not healthy(port) and time.monotonic() < end:
                time.sleep(0.05)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=SECONDS) == 0, "it ends when it is asked to"


def status(port: int, method: str, path: str, body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, body)
        return connection.getresponse().status


def post(port: int, path: str, body: Any) -> int:
    return status(port, "POST", path, json.dumps(body).encode())


def healthy(port: int) -> bool:
    try:
        return status(port, "GET", "/health") == 200
    except OSError:
        return False


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out").read_text(encoding="utf-8").splitlines()]


def test_a_notification_is_one_line(tmp_path: Path) -> None:
    with receiver(tmp_path) as port:
        assert post(port, "/alerts", FIRING) == 200
        assert post(port, "/alerts", {**FIRING, "status": "resolved"}) == 200
        assert post(port, "/heartbeat", FIRING) == 200
    firing, resolved, heartbeat = lines(tmp_path)
    assert firing == {
        "severity": "WARNING",
        "message": "[FIRING] GpuIdle in fraud-dev: GPU 0 idles",
        "kind": "alert",
        "status": "firing",
        "alertname": "GpuIdle",
        "level": "warning",
        "namespace": "training",
        "summary": "GPU 0 idles",
        "description": "It is paid for.",
        "runbook_url": "https://example.com/runbooks#gpuidle",
        "count": 1,
        "alerts": [
            {
                "labels": {"alertname": "GpuIdle", "severity": "warning", "namespace": "training"},
                "summary": "GPU 0 idles",
                "starts_at": "2026-11-22T10:00:00Z",
            }
        ],
    }
    assert (resolved["status"], resolved["severity"]) == ("resolved", "NOTICE")
    assert heartbeat == {"severity": "INFO", "message": "[HEARTBEAT] fraud-dev", "kind": "heartbeat"}


def test_a_storm_is_still_one_short_line(tmp_path: Path) -> None:
    [alert] = FIRING["alerts"]
    old = {**alert, "status": "resolved"}
    many = [old] + [{**alert, "annotations": {"summary": f"{number}\n" + "x" * 5000}} for number in range(300)]
    with receiver(tmp_path) as port:
        assert post(port, "/alerts", {"status": "firing", "alerts": many}) == 200
    [line] = lines(tmp_path)
    assert line["count"] == 300, "what is over counts no more"
    assert len(line["alerts"]) == 20
    assert line["summary"].endswith("… (and 299 more)")
    assert (tmp_path / "out").stat().st_size < 16 * 1024


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/alerts", "{", 400),
        ("/alerts", "[]", 400),
        ("/alerts", "{}", 400),
        ("/alerts", '{"alerts": []}', 400),
        ("/alerts", '{"alerts": [1]}', 400),
        ("/", "{}", 404),
    ],
)
def test_what_is_no_notification_is_refused_and_not_written(tmp_path: Path, path: str, body: str, code: int) -> None:
    with receiver(tmp_path) as port:
        assert status(port, "POST", path, body.encode()) == code
        assert healthy(port)
    assert lines(tmp_path) == []


def test_a_body_without_end_is_refused_unread(tmp_path: Path) -> None:
    with receiver(tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.closing(connection):
            connection.putrequest("POST", "/alerts")
            connection.putheader("Content-Length", str(1024**4))
            connection.endheaders()
            assert connection.getresponse().status == 413
        assert healthy(port)
    assert lines(tmp_path) == []
