"""AWS as groundplan sees it: limits, provider pins, state backend; the tables stand beside this file."""

from __future__ import annotations

from pathlib import Path

from groundplan.clouds.aws import load_catalog, load_prices
from groundplan.clouds.aws.addresses import plan_addresses
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.nodes import allocatable
from groundplan.clouds.base import (
    Account,
    Backend,
    Cloud,
    NameLimit,
    NameRules,
    NetworkRules,
    SpotRules,
    StateFile,
    TerraformSetup,
)
from groundplan.hcl.write import Value


def _s3_backend(state: StateFile) -> Backend:
    """S3 locks with a conditional write of its own since Terraform 1.10; a DynamoDB table is no longer needed.

    `encrypt` without a key asks for AES256, which beats the bucket's default, and a key's alias is refused by OpenTofu:
    docs/nasty-facts.md. Without either, S3 encrypts states and locks with the bucket's key.
    """
    arguments: dict[str, Value] = {"bucket": state.bucket, "key": state.path, "region": state.region}
    if state.kms_key:
        arguments |= {"encrypt": True, "kms_key_id": state.kms_key}
    return Backend("s3", {**arguments, "use_lockfile": True})


AWS = Cloud(
    name="aws",
    title="AWS",
    package="groundplan.clouds.aws",
    account=Account(
        pattern=r"[0-9]{12}",
        hint="an AWS account number: 12 digits, in quotes",
        example="123456789012",
    ),
    example_region="us-east-1",
    network=NetworkRules(
        id_pattern=r"vpc-[0-9a-f]{8,17}",
        subnet_pattern=r"subnet-[0-9a-f]{8,17}",
        zonal_subnets=True,
        plan_addresses=plan_addresses,
        # https://github.com/aws/containers-roadmap/issues/2258
        zones_fixed="EKS keeps a control plane in the zones it was made in",
    ),
    names=NameRules(
        limits={
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
            "bucket": NameLimit(
                "bucket name",
                63,
                r"(?!xn--|sthree-|amzn-s3-demo-).*",
                "do not begin `name` with xn--, sthree- or amzn-s3-demo-",
            ),
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
            "role": NameLimit("IAM role name", 64),
            # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
            "node_group": NameLimit("node group name", 63),
            "cluster": NameLimit("cluster name", 40),
            # https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
            "repository": NameLimit(
                "repository name",
                256,
                r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*",
                "use single hyphens only",
            ),
        },
        path_separator="/",
        # https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
        tag_pattern=r"[\w .:/=+\-@]{0,256}",
        tag_hint="letters, digits, spaces and . : / = + - @ _",
    ),
    spot=SpotRules(
        # More capacity pools mean fewer interruptions; more than a handful adds little.
        types=4,
        # Of two minutes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
        grace_seconds=100,
    ),
    terraform=TerraformSetup(
        providers={"aws": "6.69.1"},
        kubernetes_providers={"kubernetes": "3.4.0", "helm": "3.3.0"},
        further_providers={"random": "3.9.1"},
        remote_backend=_s3_backend,
        templates=Path(__file__).parent / "templates",
        administrators="unless `cluster.aws.admin_role_arns` names another",
        login="Its providers log in with `aws eks get-token`, anew whenever a token ends: version 2 of the AWS CLI has "
        "to be on the `PATH` of whoever plans, applies or destroys it, and takes the credentials that Terraform takes, "
        "from `AWS_PROFILE`, other variables or the machine's role",
    ),
    load_catalog=load_catalog,
    load_prices=load_prices,
    allocatable=allocatable,
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.MajorVersion.html
    major_upgrade={"allow_major_upgrade": True},
    billing=BILLING,
)
