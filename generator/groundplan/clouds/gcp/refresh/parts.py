"""Which part of a machine a SKU of Compute Engine is, by its description."""

from __future__ import annotations

import re

from groundplan.prices.book import Option

PREFIX = re.compile(r"^(?:Spot Preemptible |Commitment v\d: |Commitment: )")
MACHINE = re.compile(r"^(?P<stem>.*?) ?(?:Instance )?(?P<part>Core|Cpu|Ram) (?:running )?in ")
GPU = re.compile(r"^(?P<model>.+?)(?: GPU)?(?: attached to Spot Preemptible VMs)? (?:running )?in ")
LOCAL_SSD = re.compile(
    r"^(?:(?P<family>C\d[A-Z]?) (?:Instance )?Local SSD|SSD backed Local Storage|Local SSD)"
    r"(?: attached to Spot Preemptible VMs)?(?: running)?(?: [iI]n .*)?$"
)
STEMS = {"N1 Predefined": "n1", "Compute optimized": "c2"}
"""Families whose SKUs are not called after them."""
COMMITTED_N1 = ""
"""A commitment to the cores and memory of N1 names no family: `Commitment v1: Cpu in …`."""
GPUS = {
    "Nvidia Tesla T4": "t4",
    "Nvidia Tesla V100": "v100",
    "Nvidia Tesla P100": "p100",
    "Nvidia Tesla P4": "p4",
    "Nvidia L4": "l4",
    "Nvidia Tesla A100": "a100",
    "Nvidia Tesla A100 80GB": "a100-80",
    "Nvidia A100 80GB": "a100-80",
    "Nvidia H100 80GB": "h100",
    "Nvidia H100 80GB Mega": "h100-mega",
    "Nvidia H100 80GB Plus": "h100-mega",
    "Nvidia H200 141GB": "h200",
    "H200 141GB": "h200",
    "RTX 6000 96GB": "rtx-pro-6000",
    "A4 Nvidia B200 (1 gpu slice)": "b200-slice",
}
"""GPUs by the description of their SKU."""

Key = tuple[str, str]
"""A part of a machine: `core`, `ram` and `ssd` of a family, `gpu` of a model."""


def part_of(description: str, option: Option) -> Key | None:
    """The part of a machine that a SKU is, or None."""
    text = PREFIX.sub("", description)
    ssd = LOCAL_SSD.match(text)
    if ssd:
        return "ssd", (ssd["family"] or "").lower()
    machine = MACHINE.match(text)
    if machine:
        family = _family(machine["stem"], option)
        return ("ram" if machine["part"] == "Ram" else "core", family) if family else None
    gpu = GPU.match(text)
    model = GPUS.get(gpu["model"]) if gpu else None
    return ("gpu", model) if model else None


def _family(stem: str, option: Option) -> str | None:
    if stem == COMMITTED_N1:
        return "n1" if option.startswith("commit") else None
    short = stem.removesuffix(" AMD").removesuffix(" Arm")
    return STEMS.get(stem) or (short.lower() if re.fullmatch(r"[A-Z]\d[A-Z]?|A3Plus|A3Ultra", short) else None)
