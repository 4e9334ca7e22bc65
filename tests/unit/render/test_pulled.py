"""What an environment pulls from registries, and what it says of that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan import paths
from groundplan.app.pipeline import resolve_spec
from groundplan.clouds import CLOUDS
from groundplan.compose.compose import Composition
from groundplan.diagnostics import DiagnosticsError
from groundplan.hcl.interface import read_interface
from groundplan.render.pulled import Image, charts, images
from tests.sizes import spec_text
from tools.module_docs import module_folders

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
Made = Callable[..., Composition]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """The composition of a blueprint in full, with another image of MLflow where one is given."""

    def make(blueprint: str, cloud: str, **mlflow: Any) -> Composition:
        values = yaml.safe_load(spec_text(blueprint, cloud, "maximal"))
        values["tracking"]["mlflow"] |= mlflow
        (tmp_path / "spec.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
        return resolve_spec(tmp_path / "spec.yaml").compose()

    return make


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize(
    "image", [f"ghcr.io/ml/flow:v1@{DIGEST}", f"ghcr.io/ml/flow@{DIGEST}", "localhost.test:5000/flow:v1", "a.b/c/d:1"]
)
def test_each_form_of_an_image_arrives_as_it_is(made: Made, cloud: str, image: str) -> None:
    found = {one.reference: one.by_digest for one in images(made("cpu-serving", cloud, image=image), paths.MODULES)}
    assert found[image] == ("@" in image)
    assert not any(reference.startswith("ghcr.io/mlflow/") for reference in found), "the default is not pulled"


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/ml/flow",
        "flow:v1",
        "ghcr.io/ml/flow:",
        "ghcr.io/ml/flow:v1@sha256:0123",
        f"ghcr.io/ml/flow@{DIGEST}:v1",
        f"ghcr.io/ml/flow:v1@{DIGEST}0",
        f"ghcr.io/ml/flow:v1@{DIGEST.upper()}",
        f"ghcr.io/ml/flow:v1@@{DIGEST}",
        f"ghcr.io/ml/flow:v1@{DIGEST} --privileged",
        "ghcr.io/ml/fl\u043ew:v1",
        "ghcr.io/ml/flow:v\u0661",
        "ghcr.io/../flow :v1",
        "ghcr.io/ml/flow:-v1",
        "ghcr.io/ml/flow:" + "v" * 129,
        "ghcr.io/ml/${var.x}:v1",
    ],
)
def test_what_is_no_image_is_refused(made: Made, image: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        made("cpu-serving", "aws", image=image)
    assert [one.path for one in caught.value.diagnostics] == ["tracking.mlflow.image"]


def test_the_proxy_of_a_serverless_server_is_stated_too(made: Made) -> None:
    found = images(made("small-team", "gcp"), paths.MODULES)
    assert any(one.reference.startswith("registry.example.com/ml/nginx:1.28.0@sha256:") for one in found)
    assert not any("nginxinc" in one.reference for one in found)


def test_a_proxy_beside_nothing_is_refused(made: Made) -> None:
    block = {"certificate": "projects/p/regions/us-central1/sslCertificates/c", "proxy_image": f"a.b/nginx@{DIGEST}"}
    with pytest.raises(DiagnosticsError, match="serverless"):
        made("cpu-serving", "gcp", gcp=block)


def test_every_image_that_a_module_names_is_seen() -> None:
    """Text of a default that has a registry and a tag; the modules of both clouds."""
    named = {
        text
        for folder in module_folders()
        for variable in read_interface(folder).variables.values()
        for text in (variable.default + variable.constraint).split('"')[1::2]
        if "/" in text and ":" in text and not text.startswith(("http", "arn:")) and not text.endswith(("/0", "/32"))
    }
    assert named == {
        "docker.io/nginxinc/nginx-unprivileged:1.28.0-alpine-slim",
        "ghcr.io/mlflow/mlflow:v3.17.0-full",
        "public.ecr.aws/docker/library/python:3.13.5-alpine3.22@sha256:37b14db89f587f9eaa890e4a442a3fe55db452b69cca1403cc730bd0fbdc8aaf",
    }
    assert {text for text in named if Image("any", text).by_digest} == {t for t in named if "python" in t}


def test_charts_are_those_of_the_modules_in_use(made: Made) -> None:
    found = {chart.name: chart for chart in charts(made("gpu-training", "aws"), paths.MODULES)}
    assert found.keys() >= {"cluster-autoscaler", "nvidia-device-plugin", "kube-prometheus-stack", "dcgm-exporter"}
    assert all(chart.version.replace(".", "").isdigit() for chart in found.values())
    assert all(chart.repository.startswith("https://") for chart in found.values())
    assert "cluster-autoscaler" not in {chart.name for chart in charts(made("gpu-training", "gcp"), paths.MODULES)}
