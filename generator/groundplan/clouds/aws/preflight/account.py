"""Asking an AWS account: EC2, Service Quotas, CloudWatch, IAM, S3, RDS, EKS and load balancing, reading only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from groundplan.clouds.aws.preflight import quotas
from groundplan.clouds.aws.preflight.quotas import VCPU_CODES, vcpu_quota
from groundplan.clouds.aws.preflight.requirements import OF_STATES, actions, tib
from groundplan.clouds.aws.session import LOG_IN, NO_CREDENTIALS, patience, session
from groundplan.preflight.model import (
    Finding,
    Needs,
    Once,
    Option,
    Requirement,
    Stops,
    UnansweredError,
    UnreachableError,
    compare,
    first_line,
    met,
    missing,
    unknown,
)

T = TypeVar("T")
_ABSENT = re.compile(r"Invalid(Vpc|Subnet)ID\.NotFound", re.IGNORECASE)

ACTIONS_PER_CALL = 50
GLOBAL_REGION = "us-east-1"
"""Where S3 keeps the quota of the whole account."""


Client = Callable[[str, str], Any]
"""A boto3 client by service and region."""


def connect(needs: Needs, now: datetime) -> AwsAccount:
    """The account that the default credentials belong to: environment, profile, SSO, web identity or instance role."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    config = patience()
    try:
        made = session()
        if made is None:
            raise UnreachableError(NO_CREDENTIALS, LOG_IN)

        @cache
        def client(service: str, region: str) -> Any:
            return made.client(service, region_name=region, config=config)

        identity = client("sts", needs.region).get_caller_identity()
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        hint = "log in again, or check access to the AWS endpoints: proxy, DNS, firewall"
        raise UnreachableError(f"cannot identify the caller to AWS: {first_line(error)}", hint) from None
    return AwsAccount(client, needs, identity["Arn"], identity["Account"], now)


class AwsAccount:
    """An AWS account that answers, one call for many requirements where the API allows it."""

    def __init__(self, client: Client, needs: Needs, identity: str, account: str, now: datetime) -> None:
        self._client = client
        self._needs = needs
        self._identity = identity
        self._account = account
        self._now = now
        self._once = Once()
        self._by_kind: dict[str, Callable[[Requirement], Finding]] = {
            "account": lambda requirement: met(requirement, f"checked as {identity}"),
            "network": self._exists,
            "machine": self._machine,
            "quota": self._quota,
            "permission": self._permission,
            "bucket": self._bucket,
        }
        self._use: dict[str, Callable[[], Decimal]] = {
            quotas.VPCS.code: self._number_of("ec2", "describe_vpcs", "Vpcs"),
            quotas.INTERNET_GATEWAYS.code: self._number_of("ec2", "describe_internet_gateways", "InternetGateways"),
            quotas.ADDRESSES.code: self._addresses,
            quotas.CLUSTERS.code: self._number_of("eks", "list_clusters", "clusters"),
            quotas.DISKS.code: self._disks,
            quotas.DATABASES.code: self._number_of("rds", "describe_db_instances", "DBInstances"),
            quotas.DATABASE_DISKS.code: self._database_disks,
            quotas.BUCKETS.code: lambda: Decimal(len(self._own_buckets())),
            quotas.LOAD_BALANCERS.code: self._load_balancers,
        }

    @property
    def identity(self) -> str:
        """The caller's ARN."""
        return self._identity

    def findings(self, requirements: Sequence[Requirement]) -> list[Finding]:
        """One for each requirement; another account than the spec's is asked nothing more."""
        if self._account != self._needs.account:
            return [self._foreign(requirement) for requirement in requirements]
        return [self._finding(requirement) for requirement in requirements]

    def _foreign(self, requirement: Requirement) -> Finding:
        words = f"the credentials are of account {self._account}, the spec says {self._needs.account}"
        return missing(requirement, words) if requirement.kind == "account" else unknown(requirement, words)

    def _finding(self, requirement: Requirement) -> Finding:
        try:
            return self._by_kind[requirement.kind](requirement)
        except UnansweredError as refused:
            return unknown(requirement, str(refused))

    def _ask(self, what: str, call: Callable[[], T]) -> T:
        """The answer to one call; refusals, timeouts and throttling become an `UnansweredError` that says which."""
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            return call()
        except ClientError as error:
            code, message = error.response["Error"].get("Code", "?"), error.response["Error"].get("Message", "")
            raise UnansweredError(f"{what}: {code}: {message}".rstrip(": ")) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise UnansweredError(f"{what}: {first_line(error)}") from error

    def _pages(self, service: str, operation: str, key: str, **arguments: Any) -> list[Any]:
        """Everything an operation lists, asked once."""

        def listed() -> list[Any]:
            client = self._client(service, self._needs.region)
            pages = client.get_paginator(operation).paginate(**arguments)
            return [item for page in pages for item in page.get(key, ())]

        name = f"{service} {operation}"
        return self._once((name, repr(arguments)), lambda: self._ask(name, listed))

    # what is there

    def _exists(self, requirement: Requirement) -> Finding:
        vpc = requirement.code.startswith("vpc-")
        operation, key, argument = (
            ("describe_vpcs", "Vpcs", "VpcIds") if vpc else ("describe_subnets", "Subnets", "SubnetIds")
        )
        try:
            [found] = self._pages("ec2", operation, key, **{argument: [requirement.code]})
        except UnansweredError as refused:
            if _ABSENT.search(str(refused)):
                return missing(requirement, f"not in {requirement.where}")
            raise
        network = self._needs.network
        if not vpc and network and found["VpcId"] != network.id:
            return missing(requirement, f"is in {found['VpcId']}, not in {network.id}")
        return met(requirement, f"in {found['AvailabilityZoneId']}" if not vpc else "there")

    def _machine(self, requirement: Requirement) -> Finding:
        if requirement.service == "rds":
            return self._database(requirement)
        offered = self._once("offers", self._offers)
        name, zone = requirement.code, requirement.where
        if (name, zone) in offered:
            return met(requirement, "offered")
        pools = (p for p in self._needs.pools if any(machine.name == name for machine in p.machines))
        zones = dict.fromkeys(zone for pool in pools for zone in pool.zones)
        elsewhere = [zone for zone in zones if (name, zone) in offered]
        if elsewhere:
            return missing(requirement, f"offered in {', '.join(elsewhere)} only; EKS makes no node group then")
        return missing(requirement, f"not offered in {', '.join(zones) or zone}")

    def _offers(self) -> set[tuple[str, str]]:
        """Type and place of every offer: by zone where the zones are known, else for the region."""
        types = sorted({machine.name for pool in self._needs.pools for machine in pool.machines})
        zonal = any(pool.zones for pool in self._needs.pools)
        location = "availability-zone-id" if zonal else "region"
        filters = [{"Name": "instance-type", "Values": types}]
        found = self._pages(
            "ec2", "describe_instance_type_offerings", "InstanceTypeOfferings", LocationType=location, Filters=filters
        )
        return {(offer["InstanceType"], offer["Location"]) for offer in found}

    def _database(self, requirement: Requirement) -> Finding:
        client = self._client("rds", self._needs.region)
        found = self._ask(
            "rds describe_orderable_db_instance_options",
            lambda: client.describe_orderable_db_instance_options(
                Engine="postgres", DBInstanceClass=requirement.code, MaxRecords=20
            ),
        )
        if found["OrderableDBInstanceOptions"]:
            return met(requirement, "offered for PostgreSQL")
        return missing(requirement, f"not offered for PostgreSQL in {requirement.where}")

    def _bucket(self, requirement: Requirement) -> Finding:
        from botocore.exceptions import ClientError

        name = requirement.code
        own = {bucket["Name"] for bucket in self._own_buckets()}
        if requirement.where == "account":
            return met(requirement, "there") if name in own else missing(requirement, "not among the account's buckets")
        if name in own:
            return met(requirement, "the account already has it; expected if this environment created it")

        def head() -> int:
            try:
                self._client("s3", self._needs.region).head_bucket(Bucket=name)
            except ClientError as error:
                status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
                if status in (301, 403, 404):
                    return status
                raise
            return 200

        if self._ask("s3 head_bucket", head) == 404:
            return met(requirement, "free")
        return missing(requirement, "taken by another account")

    def _own_buckets(self) -> list[Any]:
        def listed() -> list[Any]:
            answer = self._client("s3", self._needs.region).list_buckets()
            return list(answer.get("Buckets", ()))

        return self._once("buckets", lambda: self._ask("s3 list_buckets", listed))

    # permissions

    def _permission(self, requirement: Requirement) -> Finding:
        if self._identity.endswith(":root"):
            return met(requirement, "the account's root user may do anything")
        decision, why = self._once("decisions", self._decisions)[requirement.code]
        if decision == "allowed":
            return met(requirement, "allowed")
        if why:
            return unknown(requirement, f"the policy depends on {why}, which a simulation does not know")
        stops = Stops.APPLY if requirement.phase == "make" else Stops.NOTHING
        reason = "denied by a policy" if decision == "explicitDeny" else "no policy allows it"
        return missing(requirement, reason, stops)

    def _decisions(self) -> dict[str, tuple[str, str]]:
        """What IAM says of every action, and which condition keys it lacked."""
        found = {}
        principal = self._once("principal", self._principal)
        for arn, group in self._by_resource():
            for start in range(0, len(group), ACTIONS_PER_CALL):
                batch = group[start : start + ACTIONS_PER_CALL]
                results = self._pages(
                    "iam",
                    "simulate_principal_policy",
                    "EvaluationResults",
                    PolicySourceArn=principal,
                    ActionNames=batch,
                    ResourceArns=[arn],
                )
                for result in results:
                    context = ", ".join(result.get("MissingContextValues", ()))
                    found[result["EvalActionName"]] = (result["EvalDecision"], context)
        return found

    def _by_resource(self) -> Iterator[tuple[str, list[str]]]:
        """Actions with a resource they would be used on, since policies often name resources by the environment."""
        needs, groups = self._needs, dict[str, list[str]]()
        partition = self._identity.split(":")[1]
        here = f"{needs.region}:{self._account}"
        names = {
            "ecr": f"ecr:{here}:repository/{needs.name}/preflight",
            "eks": f"eks:{here}:cluster/{needs.cluster}",
            "iam": f"iam::{self._account}:role/{needs.name}-preflight",
            "s3": f"s3:::{next(iter(needs.buckets), needs.state_bucket or 'preflight')}",
            "secretsmanager": f"secretsmanager:{here}:secret:{needs.name}/preflight",
            "sns": f"sns:{here}:{needs.name}-preflight",
        }
        for action in actions(needs):
            states = f"s3:::{needs.states}/preflight/terraform.tfstate"
            resource = states if action in OF_STATES else names.get(action.partition(":")[0])
            groups.setdefault(f"arn:{partition}:{resource}" if resource else "*", []).append(action)
        yield from groups.items()

    def _principal(self) -> str:
        """The ARN whose policies count: for a session of a role that of the role, with its path."""
        parts_ = self._identity.split(":", 5)
        kind, _, rest = parts_[5].partition("/")
        if kind != "assumed-role":
            return self._identity
        role = rest.partition("/")[0]
        client = self._client("iam", self._needs.region)
        answer = self._ask("iam get_role", lambda: client.get_role(RoleName=role))
        arn: str = answer["Role"]["Arn"]
        return arn

    # quotas

    def _quota(self, requirement: Requirement) -> Finding:
        limit, metric = self._limit(requirement)
        try:
            used = self._used(requirement, metric)
        except UnansweredError as refused:
            return compare(requirement, limit, None, str(refused))
        return compare(requirement, limit, used)

    def _limit(self, requirement: Requirement) -> tuple[Decimal, Any]:
        """The limit that applies, and the metric that counts use; AWS's default where nobody ever raised it."""
        region = GLOBAL_REGION if requirement.service == "s3" else self._needs.region
        client = self._client("service-quotas", region)
        arguments = {"ServiceCode": requirement.service, "QuotaCode": requirement.code}
        name = f"service-quotas {requirement.service} {requirement.code}"

        def asked() -> Any:
            try:
                return self._ask(name, lambda: client.get_service_quota(**arguments))["Quota"]
            except UnansweredError as refused:
                if "NoSuchResource" not in str(refused):
                    raise
            return self._ask(name, lambda: client.get_aws_default_service_quota(**arguments))["Quota"]

        quota = self._once(name, asked)
        return Decimal(str(quota["Value"])).normalize(), quota.get("UsageMetric")

    def _used(self, requirement: Requirement, metric: Any) -> Decimal:
        code = requirement.code
        if code in quotas.OF_NEW_THINGS:
            return Decimal(0)
        if code in VCPU_CODES:
            return Decimal(self._once("instances", self._running_vcpus)[code])
        if code == quotas.NAT_GATEWAYS.code:
            return Decimal(self._once("gateways", self._gateways)[requirement.where])
        counted = self._use.get(code)
        return counted() if counted else self._metered(metric)

    def _number_of(self, service: str, operation: str, key: str) -> Callable[[], Decimal]:
        return lambda: Decimal(len(self._pages(service, operation, key)))

    def _addresses(self) -> Decimal:
        client = self._client("ec2", self._needs.region)
        return Decimal(len(self._ask("ec2 describe_addresses", client.describe_addresses)["Addresses"]))

    def _disks(self) -> Decimal:
        filters = [{"Name": "volume-type", "Values": ["gp3"]}]
        return tib(sum(volume["Size"] for volume in self._pages("ec2", "describe_volumes", "Volumes", Filters=filters)))

    def _database_disks(self) -> Decimal:
        databases = self._pages("rds", "describe_db_instances", "DBInstances")
        return Decimal(sum(database["AllocatedStorage"] for database in databases))

    def _load_balancers(self) -> Decimal:
        found = self._pages("elbv2", "describe_load_balancers", "LoadBalancers")
        return Decimal(sum(balancer["Type"] == "application" for balancer in found))

    def _running_vcpus(self) -> Counter[str]:
        """vCPUs of running instances by quota code."""
        filters = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        reservations = self._pages("ec2", "describe_instances", "Reservations", Filters=filters)
        found: Counter[str] = Counter()
        for instance in (i for reservation in reservations for i in reservation["Instances"]):
            option: Option = "spot" if instance.get("InstanceLifecycle") == "spot" else "on_demand"
            quota = vcpu_quota(instance["InstanceType"], option)
            if quota:
                cpu = instance["CpuOptions"]
                found[quota.code] += cpu["CoreCount"] * cpu["ThreadsPerCore"]
        return found

    def _gateways(self) -> Counter[str]:
        """NAT gateways by zone id."""
        subnets = self._pages("ec2", "describe_subnets", "Subnets")
        zones = {subnet["SubnetId"]: subnet["AvailabilityZoneId"] for subnet in subnets}
        gateways: Iterable[Any] = self._pages("ec2", "describe_nat_gateways", "NatGateways")
        live = (gateway for gateway in gateways if gateway["State"] in ("pending", "available", "deleting"))
        return Counter(zones.get(gateway["SubnetId"], "") for gateway in live)

    def _metered(self, metric: Any) -> Decimal:
        """The highest use of the last hour; CloudWatch has no sample of what nobody used."""
        if not metric:
            raise UnansweredError("AWS publishes no usage metric for it")
        dimensions = [{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()]
        client = self._client("cloudwatch", self._needs.region)
        answer = self._ask(
            "cloudwatch get_metric_statistics",
            lambda: client.get_metric_statistics(
                Namespace=metric["MetricNamespace"],
                MetricName=metric["MetricName"],
                Dimensions=dimensions,
                StartTime=self._now - timedelta(hours=1),
                EndTime=self._now,
                Period=300,
                Statistics=["Maximum"],
            ),
        )
        return max((Decimal(str(point["Maximum"])) for point in answer["Datapoints"]), default=Decimal(0))
