"""Policies are no longer than AWS takes, at the most that a spec can say and in the module alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (white space does not count),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html,
https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html,
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from groundplan.cli import run
from groundplan.components.node_pool.spec import TrainingPool
from groundplan.components.object_store.spec import Storage
from groundplan.terraform.offline import offline_session
from tests.architecture.sources import REPOSITORY
from tests.lifecycle.states import rehearse

Json = Mapping[str, Any]

IN_A_ROLE, ATTACHED, ATTACHED_TO_A_ROLE, TRUST = 10_240, 6_144, 10, 2_048
DOCUMENTS = {
    ("aws_s3_bucket_policy", "policy"): 20_480,
    ("aws_kms_key", "policy"): 32_768,
    ("aws_vpc_endpoint", "policy"): 20_480,
    ("aws_sns_topic_policy", "policy"): 30_720,
    ("aws_iam_role", "assume_role_policy"): TRUST,
    ("aws_iam_policy", "policy"): ATTACHED,
}
"""Characters of what stands alone, by type and argument."""

BUCKETS = 50
"""The most that a spec can name."""


def resources(module: Json) -> Iterator[Json]:
    """Every planned resource of a module and of those in it."""
    yield from (one for one in module.get("resources", ()) if one["mode"] == "managed")
    for child in module.get("child_modules", ()):
        yield from resources(child)


def planned(top: Path, root: str) -> list[Json]:
    """What the plan of a root makes."""
    with offline_session(top, [root]) as session:
        result = session.plan(root)
        assert result.plan is not None, [d.message for d in result.diagnostics]
        return list(resources(result.plan["planned_values"]["root_module"]))


def applied(state: str) -> Iterator[Json]:
    """What a state holds, as a plan would show it: a first plan does not know the keys yet."""
    for one in json.loads(state)["resources"]:
        address = ".".join(part for part in (one.get("module"), one["type"], one["name"]) if part)
        for instance in one["instances"] if one["mode"] == "managed" else ():
            values, index = instance["attributes"], instance.get("index_key")
            yield {"address": address, "type": one["type"], "index": index, "values": values}


def length(policy: str) -> int:
    """Characters that count."""
    return len(json.dumps(json.loads(policy), separators=(",", ":"), ensure_ascii=False))


def hold(made: list[Json]) -> dict[str, int]:
    """Characters in each role, after asserting that every policy is known and within its limit."""
    roles: Counter[str] = Counter()
    attached: Counter[str] = Counter()
    for one in made:
        values, kind = one["values"], one["type"]
        if kind == "aws_iam_role_policy":
            roles[values.get("role", one["address"])] += length(values["policy"])
        if kind == "aws_iam_role_policy_attachment":
            attached[values["role"]] += 1
        for (type_, argument), limit in DOCUMENTS.items():
            if kind == type_ and (policy := values.get(argument)) is not None:
                assert length(policy) <= limit, (one["address"], length(policy))
    assert max(roles.values(), default=0) <= IN_A_ROLE, roles
    assert max(attached.values(), default=0) <= ATTACHED_TO_A_ROLE, attached
    return dict(roles)


def buckets_of(made: list[Json], action: str) -> Counter[str]:
    """How often a bucket stands in a statement of an identity with `action` on its objects."""
    found: Counter[str] = Counter()
    for one in made:
        if one["type"] in ("aws_iam_role_policy", "aws_iam_policy") and ".workload" in one["address"]:
            for statement in json.loads(one["values"]["policy"])["Statement"]:
                if action in statement["Action"]:
                    found.update(statement["Resource"])
    return found


def test_the_most_that_a_spec_can_say(tmp_path: Path) -> None:
    """Fifty buckets with the longest names, written by one pool and read by another."""
    name = "n" * 24
    # 63 characters: the environment, a hyphen, this, a hyphen, a hash of eight.
    buckets = [f"b{n:028d}" for n in range(BUCKETS)]
    pool = {"vcpus": 4, "memory_gib": 16, "nodes": {"max": 3}}
    spec = {
        "apiVersion": "groundplan/v1",
        "name": name,
        "owner": "me",
        "cloud": {"provider": "aws", "region": "us-east-1", "account": "210987654321"},
        "training": {"pools": {"writer": {**pool, "writes": buckets}, "reader": {**pool, "reads": buckets}}},
        "serving": {"pools": {"both": {**pool, "reads": buckets[:25], "writes": buckets[25:]}}},
        "storage": {"buckets": {bucket: {} for bucket in buckets}},
        "registry": {"repositories": {f"r{n}": {} for n in range(50)}},
        "tracking": {"mlflow": {}},
        "cluster": {"endpoint": {"private_cidrs": [f"10.{n}.0.0/16" for n in range(100, 140)]}},
    }
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    assert run(["render", str(tmp_path / "spec.yaml"), "-o", str(tmp_path / "out")]) == 0
    with offline_session(tmp_path / "out") as session:
        made = list(applied(rehearse(session, "10-foundation")))
    assert max(hold(made).values()) > IN_A_ROLE / 2, "the plan does not show the policies"
    arns = {f"arn:aws:s3:::{name}-{bucket}-" for bucket in buckets}
    written, read = buckets_of(made, "s3:PutObject"), buckets_of(made, "s3:GetObject")
    assert all(sum(count for arn, count in written.items() if arn.startswith(start)) in (1, 2) for start in arns)
    assert all(sum(count for arn, count in read.items() if arn.startswith(start)) == 3 for start in arns)
    assert {len(arn.removesuffix("/*").rpartition(":")[2]) for arn in read} > {63}


ALONE = """
module "%(verb)s_%(buckets)d" {
  source = "../modules/aws/workload_identity"

  cluster_name = "fraud-dev"
  kms_key      = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"
  identities = {
    pool = {
      namespace       = "training-pool"
      service_account = "pool"
      %(verb)s        = [for n in range(%(buckets)d) : "arn:aws-us-gov:s3:::${format("b%%062d", n)}"]
    }
  }
}
"""
ATTACHED_FOR = {1: 0, 10: 0, 20: 0, 21: 1, 50: 3, 100: 7, 150: 10}
"""Policies attached beside the one in the role, by the number of buckets."""


def alone(top: Path, *sizes: tuple[str, int]) -> None:
    """A root that calls the module once for each verb and number of buckets."""
    shutil.copytree(REPOSITORY / "modules", top / "modules")
    (top / "root").mkdir()
    text = "".join(ALONE % {"verb": verb, "buckets": buckets} for verb, buckets in sizes)
    (top / "root" / "main.tf").write_text(text, encoding="utf-8")


def test_the_module_alone(tmp_path: Path) -> None:
    """With the longest names of the longest partition, each bucket in one policy."""
    sizes = [(verb, buckets) for verb in ("reads", "writes") for buckets in ATTACHED_FOR]
    alone(tmp_path, *sizes)
    everything = planned(tmp_path, "root")
    for verb, buckets in sizes:
        made = [one for one in everything if one["address"].startswith(f"module.{verb}_{buckets}.")]
        hold(made)
        assert sum(one["type"] == "aws_iam_policy" for one in made) == ATTACHED_FOR[buckets]
        assert sorted(buckets_of(made, "s3:GetObject").values()) == [1] * buckets


def test_more_than_all_policies_hold_is_refused(tmp_path: Path) -> None:
    alone(tmp_path, ("writes", 200))
    with offline_session(tmp_path, ["root"]) as session:
        result = session.plan("root")
    assert not result.ok
    assert "at most 150 buckets together" in " ".join(f"{d.message} {d.hint}" for d in result.diagnostics)


def test_no_spec_reaches_what_the_modules_refuse() -> None:
    """A pool reads fifty buckets and writes fifty at the most, of fifty: no rule about it is needed."""
    pool, storage = TrainingPool.model_json_schema()["properties"], Storage.model_json_schema()["properties"]
    assert (pool["reads"]["maxItems"], pool["writes"]["maxItems"], storage["buckets"]["maxProperties"]) == (50, 50, 50)
    assert pool["reads"]["maxItems"] + pool["writes"]["maxItems"] <= 150
