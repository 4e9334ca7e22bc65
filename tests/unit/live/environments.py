"""A rendered environment with states in a bucket, and the account that answers for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.gcp import live
from groundplan.clouds.gcp.live.cloud import GcpCloud
from groundplan.clouds.gcp.live.rest import Endpoints, Rest
from groundplan.live.cloud import Live
from tests.unit.live.google import Session

PROJECT, NAME, BUCKET = "ml-project-1", "demo", "states"
ROOTS = ("00-state", "10-foundation", "20-platform")


def state(serial: int, resources: int = 1, lineage: str = "one", **outputs: Any) -> bytes:
    """A state as Terraform writes it; outputs whose names begin with `secret` are sensitive."""
    found = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": serial,
        "lineage": lineage,
        "outputs": {
            name: {"value": value, "type": "string", **({"sensitive": True} if name.startswith("secret") else {})}
            for name, value in outputs.items()
        },
        "resources": [{"mode": "managed", "type": "terraform_data", "name": f"n{i}"} for i in range(resources)],
    }
    return json.dumps(found, indent=2).encode()


@dataclass
class Demo:
    """The folder and its bucket."""

    folder: Path
    session: Session

    def key(self, root: str) -> str:
        return f"{NAME}/{root}/default.tfstate"


def rendered(folder: Path) -> Path:
    """What commands on real states read of an environment: its lock and its backends."""
    for root in ROOTS:
        (folder / root).mkdir(parents=True)
        backend = 'backend "local" {}'
        if root != "00-state":
            backend = f'backend "gcs" {{\n    bucket = "{BUCKET}"\n    prefix = "{NAME}/{root}"\n  }}'
        (folder / root / "backend.tf").write_text(f"terraform {{\n  {backend}\n}}\n", encoding="utf-8")
    lock = {
        "format_version": "1",
        "groundplan": "0.1.0",
        "spec": {"file": "groundplan.yaml"},
        "cloud": {"provider": "gcp", "region": "us-central1", "account": PROJECT, "environment": NAME},
        "calls": {},
        "decisions": [],
        "modules": {},
        "files": {},
    }
    (folder / "groundplan.lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return folder


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    session = Session(bucket=BUCKET, answers={f"/v3/projects/{PROJECT}": {"projectId": PROJECT}})

    def connect(account: str, region: str, _: Mapping[str, str]) -> GcpCloud:
        return GcpCloud(Rest(session), account, region, "ada@example.com", Endpoints())

    monkeypatch.setattr(live, "LIVE", Live(connect))
    return Demo(rendered(tmp_path / "demo"), session)
