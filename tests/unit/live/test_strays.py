"""Tokens for a cluster's API, and what its controllers have left, as each cloud tells it."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from groundplan.clouds.aws.live.cloud import AwsCloud
from groundplan.clouds.gcp.live.cloud import GcpCloud
from groundplan.clouds.gcp.live.rest import Endpoints, Rest
from groundplan.live.cloud import ClusterAccess

CLUSTER = ClusterAccess("demo", "https://127.0.0.1:1", private=False, ca="")
ARNS = {
    "elasticloadbalancing:loadbalancer": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/k8s-web/50dc",
    "ec2:volume": "arn:aws:ec2:us-east-1:1:volume/vol-0a1",
}


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "s"}
    return boto3.client("sts", region_name="eu-west-1", **keys)


def test_a_token_of_eks_is_a_presigned_question_that_names_the_cluster(sts: Any) -> None:
    cloud = AwsCloud(lambda _service: sts, "123456789012", "eu-west-1")
    prefix, _, encoded = cloud.token(CLUSTER).partition(".")
    url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    assert prefix == "k8s-aws-v1"
    assert url.startswith("https://sts.")
    assert "?Action=GetCallerIdentity" in url
    assert "X-Amz-Expires=60" in url
    assert "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id" in url
    other = sts.generate_presigned_url("get_caller_identity")
    assert "x-k8s-aws-id" not in other, "only the token has it"


def test_load_balancers_and_volumes_are_found_by_the_tags_of_their_controllers() -> None:
    asked: list[Any] = []

    def pages(**wanted: Any) -> list[Any]:
        asked.append(wanted["TagFilters"])
        return [{"ResourceTagMappingList": [{"ResourceARN": ARNS[wanted["ResourceTypeFilters"][0]]}]}]

    client = SimpleNamespace(get_paginator=lambda _name: SimpleNamespace(paginate=pages))
    found = AwsCloud(lambda _service: client, "1", "us-east-1").strays("demo")
    assert [(one.kind, one.name) for one in found] == [
        ("load balancer", "net/k8s-web/50dc"),
        ("disk", "vol-0a1"),
    ]
    assert asked == [
        [{"Key": "elbv2.k8s.aws/cluster", "Values": ["demo"]}],
        [{"Key": "ebs.csi.aws.com/cluster-name", "Values": ["demo"]}],
    ]


def test_disks_have_the_label_of_their_cluster_and_forwarding_rules_only_say_of_which_service() -> None:
    disks = {"zones/europe-west1-b": {"disks": [{"name": "pvc-1", "sizeGb": "10"}]}, "regions/x": {"warning": {}}}
    rules = [{"name": "a1", "description": '{"kubernetes.io/service-name":"web/front"}'}, {"name": "mine"}]
    urls: list[tuple[str, dict[str, str]]] = []

    def request(_method: str, url: str, params: dict[str, str], **_: Any) -> Any:
        urls.append((url, params))
        body = {"items": rules if url.endswith("/forwardingRules") else disks}
        return SimpleNamespace(ok=True, content=json.dumps(body).encode())

    session = SimpleNamespace(request=request, credentials=SimpleNamespace(valid=True, token="t"))
    cloud = GcpCloud(Rest(session), "p", "europe-west1", "me", Endpoints(compute="https://compute.test"))
    found = cloud.strays("demo")
    assert [(one.kind, one.name, one.sure, one.size_gib) for one in found] == [
        ("disk", "pvc-1", True, 10),
        ("forwarding rule", "a1", False, None),
    ]
    assert urls[0] == (
        "https://compute.test/compute/v1/projects/p/aggregated/disks",
        {"filter": 'labels.goog-k8s-cluster-name="demo"'},
    )
    assert cloud.token(CLUSTER) == "t"
