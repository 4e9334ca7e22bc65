"""Receiver of Alertmanager's webhooks: each notification becomes one line of JSON on stdout.

Whatever collects the logs of the cluster can alert on these lines. Only the standard library is used.

POST /alerts     a notification, a group of alerts that have name and namespace in common
POST /heartbeat  the Watchdog, which always fires
GET /health      200 as long as the process lives
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import sys
import threading
from typing import Any

PORT = 8080
MAX_BYTES = 4 * 1024 * 1024
MAX_ALERTS = 20
"""Alerts written out in a line; collectors split lines beyond some 16 KiB or drop them beyond 256 KiB."""
MAX_TEXT = 400
SEVERITIES = {"critical": "CRITICAL", "warning": "WARNING"}


def _text(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _texts(value: object) -> dict[str, str]:
    return {str(key): _text(item) for key, item in value.items()} if isinstance(value, dict) else {}


def notification(body: dict[str, Any], cluster: str) -> dict[str, Any]:
    """The line for a notification: what is common to its alerts, and the first alerts one by one.

    Raises ValueError when the body is no notification of Alertmanager.
    """
    alerts = body.get("alerts")
    if not isinstance(alerts, list) or not alerts or not all(isinstance(alert, dict) for alert in alerts):
        raise ValueError("no alerts")
    status = "resolved" if body.get("status") == "resolved" else "firing"
    counted = [alert for alert in alerts if status == "resolved" or alert.get("status") != "resolved"] or alerts
    labels = _texts(counted[0].get("labels"))
    annotations = _texts(counted[0].get("annotations"))
    name, level = labels.get("alertname", "unknown"), labels.get("severity", "none")
    summary = annotations.get("summary", name) + (f" (and {len(counted) - 1} more)" if len(counted) > 1 else "")
    return {
        "severity": SEVERITIES.get(level, "NOTICE") if status == "firing" else "NOTICE",
        "message": f"[{status.upper()}] {name} in {cluster}: {summary}",
        "kind": "alert",
        "status": status,
        "alertname": name,
        "level": level,
        "namespace": labels.get("namespace", ""),
        "summary": summary,
        "description": annotations.get("description", ""),
        "runbook_url": annotations.get("runbook_url", ""),
        "count": len(counted),
        "alerts": [
            {
                "labels": _texts(alert.get("labels")),
                "summary": _texts(alert.get("annotations")).get("summary", ""),
                "starts_at": _text(alert.get("startsAt", "")),
            }
            for alert in counted[:MAX_ALERTS]
        ],
    }


def heartbeat(body: dict[str, Any], cluster: str) -> dict[str, Any]:
    """The line for the Watchdog."""
    return {"severity": "INFO", "message": f"[HEARTBEAT] {cluster}", "kind": "heartbeat"}


LINES = {"/alerts": notification, "/heartbeat": heartbeat}


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers 200 only after the line is written, so that Alertmanager tries again when it is not."""

    server_version = "alert-log"
    sys_version = ""
    timeout = 30
    cluster = ""
    lock = threading.Lock()

    def do_GET(self) -> None:
        """For the probes."""
        self._answer(200 if self.path == "/health" else 404)

    def do_POST(self) -> None:
        """For Alertmanager."""
        line = LINES.get(self.path)
        length = self.headers.get("Content-Length", "")
        if line is None:
            self._answer(404)
        elif not length.isdigit():
            self._answer(411)
        elif int(length) > MAX_BYTES:
            self._answer(413)
        else:
            self._write(line, self.rfile.read(int(length)))

    def _write(self, line: Any, data: bytes) -> None:
        try:
            body = json.loads(data)
            if not isinstance(body, dict):
                raise ValueError("no object")
            text = json.dumps(line(body, self.cluster), ensure_ascii=False)
        except ValueError as error:
            sys.stderr.write(f"refused a request: {error}\n")
            self._answer(400)
            return
        with self.lock:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        self._answer(200)

    def _answer(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: stdout is for alerts."""


def main() -> None:
    """Serve until asked to stop."""
    Receiver.cluster = os.environ["CLUSTER"]
    server = http.server.ThreadingHTTPServer(("", int(os.environ.get("PORT", PORT))), Receiver)
    server.daemon_threads = False
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
