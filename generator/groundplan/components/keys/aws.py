"""Keys on AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from groundplan.components.base import Arguments, Aspects, Lookup
from groundplan.components.keys.component import KeysPart, key_purposes_of
from groundplan.components.keys.part import existing_keys_of
from groundplan.components.keys.resolve import Forms
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack

_KEY = "(?P<key>mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ALIAS = "alias/(?!aws/)[A-Za-z0-9/_-]{1,200}"
_ARN = "arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):"


class AwsKeys(KeysPart):
    """Keys on AWS."""

    existing_forms: ClassVar[Forms] = {
        "alias/<name>": _ALIAS,
        "arn:aws:kms:<region>:<account>:key/<id>": f"{_ARN}key/{_KEY}",
    }
    unclear_forms: ClassVar[Forms] = {
        f"{_ARN}(?P<alias>{_ALIAS})": "the alias alone, {alias}",
        _KEY: "its ARN, arn:aws:kms:{region_here}:{account_here}:key/{key}",
    }

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Aliases that are there already."""
        there = {purpose: id_ for purpose, id_ in _used(stack).items() if _is_alias(id_)}
        aliases: dict[str, Value] = {purpose: id_.removeprefix("alias/") for purpose, id_ in there.items()}
        return {"aliases": aliases} if aliases else {}

    def key_name(self, purpose: str, stack: Stack) -> str:
        """Its alias."""
        there = existing_keys_of(stack).get(purpose, "")
        return there.removeprefix("alias/") if _is_alias(there) else super().key_name(purpose, stack)

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The alias with the key that it names, or the key alone.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/kms_key#import
        """
        there = existing_keys_of(stack).get(asset.key, "") if asset.kind == "key" else ""
        return (
            self.imports(asset, stack) if _is_alias(there) or not there else {"aws_kms_key": there.rpartition("/")[2]}
        )

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


def _used(stack: Stack) -> Mapping[str, str]:
    """Those of the keys that are there for which there is a use."""
    purposes = key_purposes_of(stack)
    return {purpose: id_ for purpose, id_ in existing_keys_of(stack).items() if purpose in purposes}


def _is_alias(id_: str) -> bool:
    return id_.startswith("alias/")


PART = AwsKeys()
