"""Keys on AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundplan.components.base import Aspects, Lookup
from groundplan.components.keys.component import KeysPart
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack


class AwsKeys(KeysPart):
    """Keys on AWS."""

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """After 30 days in which it can be taken back.

        https://docs.aws.amazon.com/cli/latest/reference/kms/schedule-key-deletion.html
        """
        if asset.kind != "key":
            return ()
        alias, region = f"alias/{asset.name}", f"--region {stack.region}"
        key = f"$(aws kms describe-key --key-id {alias} --query KeyMetadata.KeyId --output text {region})"
        return (
            f'aws kms schedule-key-deletion --key-id "{key}" --pending-window-in-days 30 {region}',
            f"aws kms delete-alias --alias-name {alias} {region}",
        )

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The key that the alias names, and the alias."""
        if asset.kind != "key":
            return {}
        alias = f"alias/{asset.name}"
        return {"aws_kms_key": Lookup("aws_kms_alias", "name", alias, "target_key_id"), "aws_kms_alias": alias}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "keys": "one KMS key per purpose, a policy each",
            "rotation": "every year, by KMS",
            "who uses them": "AWS services by key policy, workloads through S3 and Secrets Manager",
            "after a destroy": "keys end after 30 days; the name is free at once",
        }


PART = AwsKeys()
