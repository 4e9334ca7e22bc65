"""A network of others is looked up: no root has a resource of it, so that no plan can change or destroy one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from groundplan.hcl.read import read_folder
from groundplan.paths import MODULES
from tests.unit.compose.test_moves import on, rendered

NETWORKS: dict[str, Any] = {
    "aws": {
        "id": "vpc-0a1b2c3d4e5f60718",
        "private_subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"],
    },
    "gcp": {
        "id": "projects/example-host/global/networks/shared",
        "private_subnets": ["projects/example-host/regions/us-central1/subnetworks/ml"],
        "gcp": {"pods_range": "pods", "services_range": "services"},
    },
}
_OF_A_NETWORK = re.compile(
    r"aws_(default_\w+|vpc|vpc_endpoint|vpc_ipv4_cidr_block_association|subnet|route\w*|internet_gateway|nat_gateway"
    r"|egress_only_internet_gateway|network_acl\w*|eip|flow_log|ec2_tag|ec2_subnet_cidr_reservation)"
    r"|google_compute_(network\w*|subnetwork\w*|router\w*|route|firewall\w*|global_address|shared_vpc\w*)"
    r"|google_service_networking_\w+"
)
_ROOT = re.compile(r"[0-9]{2}-[a-z]+/.*\.tf$")
_SOURCE = re.compile(r'source\s*=\s*"\.\./modules/([^"]+)"')


def made(files: dict[str, str]) -> set[str]:
    """The types of resources of the modules that the roots call; a host project's administrator applies another one."""
    sources = {found for name, text in files.items() if _ROOT.match(name) for found in _SOURCE.findall(text)}
    assert sources
    return {
        block.labels[0]
        for source in sources
        for block in read_folder(MODULES / source, outline=True)
        if block.type == "resource"
    }


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_nothing_of_it_is_a_resource(cloud: str, tmp_path: Path) -> None:
    files = rendered(tmp_path, on(cloud, network={"existing": NETWORKS[cloud]}))
    types = made(files)
    assert sorted(one for one in types if _OF_A_NETWORK.fullmatch(one)) == []
    assert f"{cloud}/existing_network" in files["10-foundation/main.tf"]


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_one_of_its_own_is_made_of_them(cloud: str, tmp_path: Path) -> None:
    assert [one for one in made(rendered(tmp_path, on(cloud))) if _OF_A_NETWORK.fullmatch(one)]
