"""Service Quotas: codes, names and units.

Codes: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html, the page of each service;
`aws service-quotas list-service-quotas --service-code ec2` prints them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundplan.preflight.model import Option, Requirement


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota."""

    service: str
    code: str
    name: str
    unit: str

    def at(self, where: str, path: str) -> Requirement:
        """A requirement of it, still to be counted."""
        return Requirement("quota", self.name, self.code, where, path, self.service, self.unit)


def _vcpus(code: str, name: str) -> Quota:
    return Quota("ec2", code, name, "vCPUs")


_P = _vcpus("L-417A185B", "Running On-Demand P instances")
_STANDARD = "Standard (A, C, D, H, I, M, R, T, Z)"
_CLASSES: tuple[tuple[str, Quota, Quota], ...] = (
    (
        r"(g|gr|vt)\d",
        _vcpus("L-DB2E81BA", "Running On-Demand G and VT instances"),
        _vcpus("L-3819A6DF", "All G and VT Spot Instance Requests"),
    ),
    (r"p[2-4]", _P, _vcpus("L-7212CCBC", "All P4, P3 and P2 Spot Instance Requests")),
    (r"p\d", _P, _vcpus("L-C4BD4855", "All P5 Spot Instance Requests")),
    (
        r"inf\d",
        _vcpus("L-1945791B", "Running On-Demand Inf instances"),
        _vcpus("L-B5D1601B", "All Inf Spot Instance Requests"),
    ),
    (
        r"trn\d",
        _vcpus("L-2C3B7624", "Running On-Demand Trn instances"),
        _vcpus("L-6B0D517C", "All Trn Spot Instance Requests"),
    ),
    (
        r"x\d",
        _vcpus("L-7295265B", "Running On-Demand X instances"),
        _vcpus("L-E3A00192", "All X Spot Instance Requests"),
    ),
    (
        r"([acdhimrtz]|hs|im|is)\d",
        _vcpus("L-1216C47A", f"Running On-Demand {_STANDARD} instances"),
        _vcpus("L-34B43A08", f"All {_STANDARD} Spot Instance Requests"),
    ),
)
"""Instance families with one vCPU quota on demand and one for spot; the first pattern that fits the family holds."""

VPCS = Quota("vpc", "L-F678F1CE", "VPCs per Region", "VPCs")
INTERNET_GATEWAYS = Quota("vpc", "L-A4707A72", "Internet gateways per Region", "gateways")
NAT_GATEWAYS = Quota("vpc", "L-FE5A380F", "NAT gateways per Availability Zone", "gateways")
ADDRESSES = Quota("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", "addresses")
CLUSTERS = Quota("eks", "L-1194D53C", "Clusters", "clusters")
NODE_GROUPS = Quota("eks", "L-6D54EA21", "Managed node groups per cluster", "node groups")
GROUP_NODES = Quota("eks", "L-BD136A63", "Nodes per managed node group", "nodes")
DISKS = Quota("ebs", "L-7A658B76", "Storage for General Purpose SSD (gp3) volumes, in TiB", "TiB")
DATABASES = Quota("rds", "L-7B6409FD", "DB instances", "instances")
DATABASE_DISKS = Quota("rds", "L-7ADDB58A", "Total storage for all DB instances", "GB")
BUCKETS = Quota("s3", "L-DC2B2D3D", "General purpose buckets", "buckets")
LOAD_BALANCERS = Quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", "load balancers")
SERVERS = Quota("fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", "vCPUs")

OF_NEW_THINGS = frozenset({NODE_GROUPS.code, GROUP_NODES.code})
"""Limits on a cluster that is still to be made: nothing of them is in use."""
VCPU_CODES = frozenset(quota.code for _, *pair in _CLASSES for quota in pair)


def vcpu_quota(instance_type: str, option: Option) -> Quota | None:
    """The quota that instances of the type count against; None for families that stand in none of the above."""
    for pattern, on_demand, spot in _CLASSES:
        if re.match(pattern, instance_type):
            return on_demand if option == "on_demand" else spot
    return None
