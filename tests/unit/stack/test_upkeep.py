"""Versions of add-ons and images: they follow the cluster's version, or are held at one that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan import paths
from groundplan.components.base import ModuleCall
from groundplan.components.load import components
from groundplan.compose.compose import compose
from tests.unit.stack.specs import aws, problem, stack_of, training

POOL = training(vcpus=4)
PINS = {"vpc_cni": "v1.21.1-eksbuild.3", "coredns": "v1.13.2-eksbuild.1"}


def calls_of(**options: Any) -> dict[str, ModuleCall]:
    cluster = {"version": "1.35", **({"aws": options} if options else {})}
    stack = stack_of(training=POOL, cluster=cluster, state={"backend": "local"})
    roots = compose(stack, aws(), components(), paths.MODULES).roots
    return {call.name: call for root in roots for call in root.calls}


def test_nothing_is_held_by_default_and_every_addon_follows_the_version() -> None:
    calls = calls_of()
    assert not {"addon_versions", "image_release", "node_release"} & {
        a for call in calls.values() for a in call.arguments
    }
    for module in ("cluster", "cluster_addons"):
        text = "".join(path.read_text() for path in (paths.MODULES / "aws" / module).glob("*.tf"))
        assert text.count('resource "aws_eks_addon"') == text.count(
            "addon_version               = local.addon_versions["
        )
        assert "resolve_conflicts_on_update" in text


def test_each_module_is_told_of_its_own_addons() -> None:
    calls = calls_of(addon_versions=PINS)
    assert calls["cluster"].arguments["addon_versions"] == {"vpc_cni": PINS["vpc_cni"]}
    assert calls["cluster_addons"].arguments["addon_versions"] == {"coredns": PINS["coredns"]}


@pytest.mark.parametrize("release", ["latest", "1.35.2-20261115"])
def test_every_pool_takes_the_image(release: str) -> None:
    pools = [call for call in calls_of(node_release=release).values() if call.component == "node_pool"]
    assert len(pools) > 1
    assert {call.arguments["image_release"] for call in pools} == {release}


@pytest.mark.parametrize(
    ("options", "path", "message"),
    [
        (
            {"addon_versions": {"kube_proxy": "v1.36.1-eksbuild.1"}},
            "cluster.aws.addon_versions.kube_proxy",
            "kube-proxy v1.36.1-eksbuild.1 does not go with Kubernetes 1.35",
        ),
        (
            {"addon_versions": {"kube_proxy": "v1.31.9-eksbuild.1"}},
            "cluster.aws.addon_versions.kube_proxy",
            "kube-proxy v1.31.9-eksbuild.1 does not go with Kubernetes 1.35",
        ),
        (
            {"node_release": "1.34.2-20261115"},
            "cluster.aws.node_release",
            "the image 1.34.2-20261115 is for another version than Kubernetes 1.35",
        ),
    ],
)
def test_what_does_not_go_with_the_version(options: dict[str, Any], path: str, message: str) -> None:
    found = problem(training=POOL, cluster={"version": "1.35", "aws": options})
    assert (found.code, found.path, found.message) == ("GP208", path, message)


@pytest.mark.parametrize("version", ["v1.32.0-eksbuild.1", "v1.35.3-eksbuild.2"])
def test_kube_proxy_may_be_three_versions_older(version: str) -> None:
    assert calls_of(addon_versions={"kube_proxy": version})["cluster"].arguments["addon_versions"] == {
        "kube_proxy": version
    }


def test_an_environment_says_how_it_is_kept_up_to_date() -> None:
    readme = (Path(__file__).parents[3] / "environments" / "dev" / "README.md").read_text()
    section = readme.partition("## Keep it up to date\n")[2].partition("\n## ")[0]
    for key in ("`cluster.version`", "`cluster.aws.addon_versions`", "`cluster.aws.node_release`"):
        assert key in section
