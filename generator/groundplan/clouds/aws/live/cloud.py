"""An AWS account as real runs ask it, with the credentials that Terraform takes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from groundplan.clouds.aws.live.imports import IMPORTS
from groundplan.clouds.aws.live.store import S3Store
from groundplan.clouds.aws.live.trouble import code_of, errors, explained
from groundplan.clouds.aws.session import LOG_IN, NO_CREDENTIALS, core_session, patience
from groundplan.live.cloud import Caller, ClusterAccess, Stray, no_plans_key, stopped

T = TypeVar("T")

TOKENS = "client.authentication.k8s.io/v1beta1"
"""What the AWS CLI writes; providers of the rendered roots ask for the same."""

CLUSTER_HEADER, TOKEN_PREFIX, TOKEN_SECONDS = "x-k8s-aws-id", "k8s-aws-v1.", 60
ASKED, SIGNING = "get_caller_identity", "before-sign.sts.GetCallerIdentity"
BALANCER_TAG = "elbv2.k8s.aws/cluster"
"""Which modules/aws/load_balancer_identity lets the controller set, and nothing without it."""
VOLUME_TAG = "ebs.csi.aws.com/cluster-name"
"""https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html"""

Client = Callable[[str], Any]
"""A client of botocore by service."""
SERVICES = ("eks", "kms", "resourcegroupstaggingapi", "s3", "sts")


def connect(account: str, region: str, _: Mapping[str, str]) -> AwsCloud:
    """The account that the default credentials belong to, which is not asked yet. Raises GP812 without any."""
    from botocore.exceptions import BotoCoreError

    try:
        made = core_session(SERVICES)
    except BotoCoreError as error:
        raise explained(error, "AWS credentials") from None
    if made is None:
        raise stopped("GP812", NO_CREDENTIALS, LOG_IN)
    config = patience()

    @cache
    def client(service: str) -> Any:
        return made.create_client(service, region_name=region, config=config)

    return AwsCloud(client, account, region)


class AwsCloud:
    """STS, S3 and EKS of one account in one region."""

    imports = IMPORTS
    lets_in = "let the role in by `cluster.aws.admin_role_arns` and an apply by somebody who is in"

    def __init__(self, client: Client, account: str, region: str) -> None:
        self._client = client
        self._account = account
        self._region = region

    def caller(self) -> Caller:
        """Whose credentials these are, as STS says."""
        found = self._asked("who calls", lambda: self._client("sts").get_caller_identity())
        return Caller(found["Account"], found["Arn"])

    def state_key(self, backend: Mapping[str, Any]) -> str:
        """The backend's `key`: roots have the default workspace alone."""
        return str(backend.get("key", ""))

    def plans_key(self, bucket: str) -> str:
        """Its ARN, which policies of buckets compare, by the alias that modules/aws/state_store gives it."""
        try:
            found = self._client("kms").describe_key(KeyId=f"alias/{bucket}-plans")["KeyMetadata"]
        except errors() as error:
            if code_of(error) == "NotFoundException":
                raise no_plans_key(bucket) from None
            raise explained(error, f"the key for saved plans in {bucket}") from None
        return str(found["Arn"])

    def state_store(self, bucket: str) -> S3Store:
        """The bucket, which has to be of the account."""
        return S3Store(self._client("s3"), bucket, self._account)

    def cluster(self, name: str) -> ClusterAccess | None:
        """The EKS cluster; None where there is none."""
        try:
            found = self._client("eks").describe_cluster(name=name)["cluster"]
        except errors() as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise explained(error, f"cluster {name}") from None
        public = found.get("resourcesVpcConfig", {}).get("endpointPublicAccess", True)
        ca = found.get("certificateAuthority", {}).get("data", "")
        return ClusterAccess(name, found.get("endpoint", ""), private=not public, ca=ca)

    def token(self, cluster: ClusterAccess) -> str:
        """A presigned question to STS who calls, with the cluster's name signed.

        https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
        """
        client = self._client("sts")

        def name_cluster(request: Any, **_: object) -> None:
            request.headers[CLUSTER_HEADER] = cluster.name

        client.meta.events.register(SIGNING, name_cluster)
        try:
            url = self._asked("a token", lambda: client.generate_presigned_url(ASKED, ExpiresIn=TOKEN_SECONDS))
        finally:
            client.meta.events.unregister(SIGNING, name_cluster)
        return TOKEN_PREFIX + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")

    def strays(self, cluster: str) -> Sequence[Stray]:
        """Load balancers and volumes by the tags that the roles of our controllers make them set."""
        return [
            *self._tagged(cluster, BALANCER_TAG, "elasticloadbalancing:loadbalancer", "load balancer"),
            *self._tagged(cluster, VOLUME_TAG, "ec2:volume", "disk"),
        ]

    def _tagged(self, cluster: str, tag: str, type_: str, kind: str) -> Iterator[Stray]:
        wanted = {"TagFilters": [{"Key": tag, "Values": [cluster]}], "ResourceTypeFilters": [type_]}

        def listed() -> list[str]:
            pages = self._client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(**wanted)
            return sorted(one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"])

        for arn in self._asked(f"what is tagged {tag}", listed):
            yield Stray(kind, arn.rpartition(":")[2].partition("/")[2], f"tag {tag}")

    def kubeconfig(self, cluster: ClusterAccess) -> dict[str, Any]:
        """Tokens come from `aws eks get-token`: https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html"""
        arguments = ["--region", self._region, "eks", "get-token", "--cluster-name", cluster.name, "--output", "json"]
        return {"exec": {"apiVersion": TOKENS, "command": "aws", "args": arguments, "interactiveMode": "Never"}}

    def _asked(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except errors() as error:
            raise explained(error, what) from None
