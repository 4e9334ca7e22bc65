"""The pipeline of an environment on AWS."""

from __future__ import annotations

from groundplan.components.ci.component import CiPart
from groundplan.components.ci.login import TOKEN_FILE, Action, Login
from groundplan.components.ci.part import Pipeline
from groundplan.components.ci_identity.names import APPLY_HOURS, AWS_AUDIENCE, ROLES, aws_role
from groundplan.stack.model import Stack

ACTION = Action("aws-actions/configure-aws-credentials", "e6de054238d6b7531b4efff3b6587d9aade6a06c", "v6.2.3")


class AwsCi(CiPart):
    """The pipeline of an environment on AWS."""

    def login(self, stack: Stack, pipeline: Pipeline) -> Login:
        """Roles that are assumed with a token: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html."""
        identities = {one: aws_role(stack, one) for one in ROLES}
        return Login(
            action=ACTION,
            arguments={"role-to-assume": "identity", "aws-region": "region"},
            region=stack.region,
            identities=identities,
            providers={},
            audiences=dict.fromkeys(pipeline.systems, AWS_AUDIENCE),
            variables={
                one: {
                    "AWS_REGION": stack.region,
                    "AWS_ROLE_ARN": role,
                    "AWS_ROLE_SESSION_NAME": f"groundplan-{one}",
                    "AWS_WEB_IDENTITY_TOKEN_FILE": TOKEN_FILE,
                }
                for one, role in identities.items()
            },
            configuration={},
            lasting={"role-duration-seconds": str(3600 * APPLY_HOURS)},
        )


PART = AwsCi()
