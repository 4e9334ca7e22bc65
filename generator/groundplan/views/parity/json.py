"""A parity report for other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from groundplan.app.parity.report import (
    Given,
    Machine,
    MachineParity,
    ParityReport,
    Side,
)
from groundplan.views.diagnostics import to_json
from groundplan.views.tables import number, numbers


def as_json(report: ParityReport) -> dict[str, Any]:
    """The report's part of the JSON object; lists of one entry per cloud name the cloud."""
    names = [side.cloud.name for side in report.sides]

    def each(entries: Sequence[Any], make: Callable[[Any], Any]) -> dict[str, Any]:
        return {name: None if entry is None else make(entry) for name, entry in zip(names, entries, strict=True)}

    def machine(shape: MachineParity) -> dict[str, Any]:
        return {
            "path": shape.path,
            "bought": shape.purchase_option,
            "machines": each(shape.machines, _machine_json),
            "differences": each(shape.differences, list),
        }

    return {
        "name": report.name,
        "currency": "USD",
        "clouds": [_side_json(side) for side in report.sides],
        "components": [
            {
                "component": part.name,
                "used": part.used,
                "differing": list(part.differing),
                "clouds": each(part.given, _given_json),
            }
            for part in report.components
        ],
        "pools": [machine(shape) for shape in report.pools],
        "database": machine(report.database) if report.database else None,
        "decisions": [{"decision": d.what, "values": each(d.values, str)} for d in report.decisions],
        "limits": [{"limit": d.what, "values": each(d.values, str)} for d in report.limits],
        "wishes": [
            {
                "cloud": setting.cloud,
                "component": setting.component,
                "effect": setting.effect,
                "words": setting.words,
                "paths": list(setting.paths),
                "places": list(setting.places),
            }
            for setting in report.settings
        ],
    }


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "cloud": side.cloud.name,
        "region": side.region,
        "account": side.account,
        "own": not side.retargeted,
        "expressed": side.stack is not None,
        "monthly_usd": numbers(side.cost.total) if side.cost else None,
        "complete": side.cost.complete if side.cost else None,
        "diagnostics": [to_json(found) for found in side.diagnostics],
    }


def _given_json(given: Given) -> dict[str, Any]:
    return {
        "status": given.status,
        "modules": list(given.modules),
        "instead": given.instead or None,
        "gives": dict(given.aspects),
        "monthly_usd": numbers(given.monthly.band) if given.monthly else None,
        "complete": given.monthly.complete if given.monthly else None,
        "drivers": [{"item": driver.item, "monthly_usd": float(driver.monthly_usd)} for driver in given.drivers],
    }


def _machine_json(machine: Machine) -> dict[str, Any]:
    return {
        "types": list(machine.types),
        "vcpus": machine.vcpus,
        "memory_gib": number(machine.memory_gib),
        "architecture": machine.architecture,
        "gpu": {"type": machine.gpu_type, "count": machine.gpu_count, "memory_gib": machine.gpu_memory_gib}
        if machine.gpu_type
        else None,
        "local_storage_gib": machine.local_storage_gib,
        "previous_generation": machine.previous_generation,
        "usd_per_hour": {
            "on_demand": machine.on_demand and numbers(machine.on_demand),
            "spot": machine.spot and numbers(machine.spot),
        },
    }
