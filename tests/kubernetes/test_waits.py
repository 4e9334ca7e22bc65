"""How long Terraform waits for what runs on the cluster, against how long its providers stay logged in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundplan.hcl.blocks import Block
from groundplan.hcl.read import read_folder

REPOSITORY = Path(__file__).parents[2]
WAITED_SECONDS = {"helm_release": 300, "kubernetes_deployment_v1": 600}
"""When nothing is set: https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release,
https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/deployment_v1."""
GOOGLE_TOKEN_SECONDS = 3600
"""At the most: https://docs.cloud.google.com/docs/authentication/token-types#access."""
UNITS = {"m": 60, "h": 3600, "s": 1}


def seconds(resource: Block) -> int:
    """How long the making of one resource is waited for."""
    if "timeout" in resource.attributes:
        return int(resource.attributes["timeout"].value)
    for block in resource.blocks:
        if block.type == "timeouts" and (found := re.fullmatch(r'"(\d+)([mhs])"', block.attributes["create"].value)):
            return int(found[1]) * UNITS[found[2]]
    return WAITED_SECONDS.get(resource.labels[0], 0)


def waited(module: Path) -> int:
    """Seconds, when the resources of a module come one after the other and each takes as long as it may."""
    return sum(seconds(block) for block in read_folder(module) if block.type == "resource")


def test_no_module_waits_longer_than_a_token_of_google_lives() -> None:
    modules = [folder for folder in (REPOSITORY / "modules" / "kubernetes").iterdir() if folder.is_dir()]
    waits = {module.name: waited(module) for module in modules}
    assert waits["mlflow"] >= 35 * 60
    assert {name: wait for name, wait in waits.items() if wait > GOOGLE_TOKEN_SECONDS - 300} == {}


@pytest.mark.parametrize("environment", ["dev", "prod", "prod-gcp"])
def test_modules_on_the_cluster_wait_beside_each_other(environment: str) -> None:
    """What another one takes something from is there at once."""
    text = (REPOSITORY / "environments" / environment / "20-platform" / "main.tf").read_text(encoding="utf-8")
    texts = {part.split('"', 1)[0]: part for part in text.split('module "')[1:]}
    sources = {name: REPOSITORY / re.search(r'"\.\./(modules/[^"]+)"', part)[1] for name, part in texts.items()}  # type: ignore[index]
    waits = {name: waited(source) for name, source in sources.items()}
    assert max(waits.values()) > 0
    last = {name for name, part in texts.items() if "depends_on" in part}
    assert not [name for name in last if waits[name]], "what comes after others waits for nothing itself"
    held = {used for name, part in texts.items() if name not in last for used in re.findall(r"module\.(\w+)", part)}
    assert not [name for name in held if waits[name]]


def test_providers_on_eks_log_in_anew_when_a_token_ends() -> None:
    """One of `aws_eks_cluster_auth` is good for 15 minutes, and MLflow's first start is waited for longer."""
    text = (REPOSITORY / "environments" / "prod" / "20-platform" / "providers.tf").read_text(encoding="utf-8")
    assert "aws_eks_cluster_auth" not in text and not re.search(r"^ *token ", text, re.MULTILINE)
    assert text.count('args        = ["eks", "get-token", "--cluster-name", var.name, "--region", var.region,') == 2
