"""A Terraform plan of many megabytes: resources of all kinds, in wide and in deep modules, with large values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

KINDS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("aws_instance", {"instance_type": "m6i.large", "root_block_device": [{"volume_size": 20, "volume_type": "gp3"}]}),
    ("aws_ebs_volume", {"availability_zone": "us-east-1a", "size": 10, "type": "gp3"}),
    ("aws_iam_role", {"assume_role_policy": "x" * 500}),
    ("aws_eks_node_group", {"instance_types": ["g6.xlarge"], "scaling_config": [{"desired_size": 1, "max_size": 4}]}),
    ("aws_unheard_of", {"rules": [{"ports": [1, 2, 3, {"name": "d"}]}] * 10}),
    ("google_compute_instance", {"machine_type": "n1-standard-8", "zone": "us-central1-a"}),
)
PER_MODULE = 40
DEEPEST = 50


def plan_text(megabytes: int) -> str:
    """The plan as `terraform show -json` writes it: each resource planned, changed and configured."""
    top: list[dict[str, Any]] = []
    calls: dict[str, Any] = {}
    changes: list[dict[str, Any]] = []
    written = 0
    for number in count():
        if written > megabytes * 1_000_000:
            break
        planned, configured = _module(number)
        changes += planned["resources"]
        written += 2 * len(json.dumps(planned["resources"])) + len(json.dumps(configured))
        for level in range(number % DEEPEST if number % 10 == 0 else 0):
            planned = {"address": f"module.l{level}", "child_modules": [planned]}
            configured = {"module_calls": {f"l{level}": {"module": configured}}}
        top.append(planned)
        calls[f"m{number}"] = {"module": configured}
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}}
    return json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"child_modules": top}},
            "resource_changes": changes,
            "configuration": {"provider_config": provider, "root_module": {"module_calls": calls}},
        }
    )


def _module(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    address = f"module.m{number}"
    planned, configured = [], []
    for index in range(PER_MODULE):
        kind, values = KINDS[index % len(KINDS)]
        name = f"{kind}.r{index}"
        provider = f"registry.terraform.io/hashicorp/{kind.partition('_')[0]}"
        labels = {"name": f"r{index}", "mode": "managed", "type": kind, "provider_name": provider}
        planned.append({"address": f"{address}.{name}", **labels, "values": values, "sensitive_values": {}})
        references = {"references": [f"aws_launch_template.r{index}.id", f"aws_launch_template.r{index}"]}
        configured.append({"address": name, **labels, "expressions": {"launch_template": [{"id": references}]}})
    return {"address": address, "resources": planned}, {"resources": configured}
