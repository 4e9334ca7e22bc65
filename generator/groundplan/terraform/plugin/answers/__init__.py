"""Answers for what configurations read from a cloud and compute with."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.plugin.synthetic import Synthesizer


def answer(kind: str, type_name: str, ask: Synthesizer) -> dict[str, Any]:
    """Attribute values that are more than well-formed strings."""
    zones = [f"{ask.scope.region}{letter}" for letter in "abc"]
    table: dict[str, dict[str, Any]] = {
        "aws_caller_identity": {"account_id": ask.scope.account_id, "id": ask.scope.account_id},
        "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com", "id": "aws"},
        "aws_region": {"name": ask.scope.region, "region": ask.scope.region, "id": ask.scope.region},
        "aws_availability_zones": {"names": zones, "zone_ids": ["use1-az1", "use1-az2", "use1-az3"]},
    }
    return table.get(type_name, {}) if kind == "data" else {}
