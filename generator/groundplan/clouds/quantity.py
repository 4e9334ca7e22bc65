"""Quantities of storage as Kubernetes writes them."""

from __future__ import annotations

import re
from decimal import Decimal

from groundplan.clouds.planned import Planned

QUANTITY = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)(|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)")
"""https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/."""
BYTES = {"": 1} | {
    f"{letter}{ending}": base ** (power + 1)
    for ending, base, letters in (("", 1000, "kMGTP"), ("i", 1024, "KMGTP"))
    for power, letter in enumerate(letters)
}
CLASSES = ("kubernetes_storage_class", "kubernetes_storage_class_v1")
MOST_CLASSES = 100
"""Of a plan that are looked at for each claim."""


def claimed_gib(claim: Planned) -> Decimal | None:
    """GiB that a claim of a persistent volume asks for; None where it does not say."""
    found = QUANTITY.fullmatch(claim.text("spec", "resources", "requests", "storage"))
    return Decimal(found[1]) * BYTES[found[2]] / 1024**3 if found else None


def disk_of_class(claim: Planned, known: dict[str, str], default: str) -> str:
    """The kind of the disks of the claim's class: as the plan's class says, else by its name; empty for one unknown."""
    if claim.text("spec", "volume_name"):
        return ""
    name = claim.text("spec", "storage_class_name")
    for one in claim.alike(*CLASSES)[:MOST_CLASSES]:
        if name and one.text("metadata", "name") == name:
            return one.text("parameters", "type")
    return known.get(name, "") if name else default
