"""In which way one machine is more than another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from groundplan.app.parity.machines import differences
from groundplan.app.parity.report import Machine
from groundplan.quantities import Band


def hour(usd: str) -> Band:
    return Band(Decimal(usd), Decimal(usd), Decimal(usd))


HERE = Machine(
    types=("large",),
    vcpus=8,
    memory_gib=Decimal(32),
    architecture="x86_64",
    gpu_type="l4",
    gpu_count=1,
    gpu_memory_gib=24,
    local_storage_gib=0,
    previous_generation=False,
    on_demand=hour("1.00"),
    spot=hour("0.50"),
)


@pytest.mark.parametrize(
    ("changes", "capacity", "words"),
    [
        ({}, "on_demand", ["the same price on demand"]),
        ({"on_demand": hour("1.004")}, "on_demand", ["the same price on demand"]),
        ({"on_demand": hour("0.8")}, "on_demand", ["20 % cheaper on demand"]),
        ({"spot": hour("0.75")}, "spot_with_fallback", ["50 % more expensive on spot"]),
        ({"spot": None}, "spot", ["no price on spot to compare"]),
        (
            {"gpu_type": "t4", "gpu_count": 2, "gpu_memory_gib": 16},
            "on_demand",
            ["2 x t4 in place of 1 x l4", "8 GiB of memory per GPU less", "the same price on demand"],
        ),
        ({"memory_gib": Decimal("30.5")}, "on_demand", ["1.5 GiB of memory less", "the same price on demand"]),
        ({"vcpus": 12}, "on_demand", ["4 vCPUs more", "the same price on demand"]),
        ({"local_storage_gib": 419}, "on_demand", ["419 GiB of local storage more", "the same price on demand"]),
        ({"architecture": "arm64"}, "on_demand", ["arm64 in place of x86_64", "the same price on demand"]),
        ({"previous_generation": True}, "on_demand", ["previous generation", "the same price on demand"]),
        ({"types": ("a", "b")}, "spot", ["2 machine types, 1 on Here", "the same price on spot"]),
    ],
)
def test_differences(changes: dict[str, object], capacity: str, words: list[str]) -> None:
    there = replace(HERE, **changes)  # type: ignore[arg-type]
    assert list(differences(there, HERE, capacity, "Here")) == words  # type: ignore[arg-type]
