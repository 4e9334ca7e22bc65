"""Runners on AWS."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.components.runner.part import runners_of
from groundplan.hcl.references import Template, Var
from groundplan.stack.layers import RUNNER
from groundplan.stack.model import Stack


class AwsRunner(CloudPart):
    """Runners on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Keys by the names that the foundation gives them."""
        runners = runners_of(stack)
        assert runners is not None, "there is a call because there are runners"
        return {
            "machines": {
                "count": runners.count,
                "instance_type": runners.instance_type,
                "disk_gib": runners.disk_gib,
            },
            "kms_key_aliases": {
                "disk": Template("alias/", Var("name"), "-cluster"),
                "secret": Template("alias/", Var("name"), "-database"),
            },
        }

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "machines": "an Auto Scaling group in the cluster's subnets, each machine for one job",
            "way out": "HTTPS alone, by a security group",
            "registration": "a token in Secrets Manager that a person puts there",
        }

    def cautions(self, stack: Stack) -> Iterable[str]:
        """What the first job waits for."""
        if runners_of(stack):
            secret = f"{stack.name}/runner"
            yield (
                f"Runners wait for a token of GitHub in the secret `{secret}`; put it there after `{RUNNER}`: "
                f"`aws secretsmanager put-secret-value --region {stack.region} --secret-id {secret} "
                "--secret-string file://TOKEN`"
            )


PART = AwsRunner()
