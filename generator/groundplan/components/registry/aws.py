"""Image repositories on AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundplan.components.base import Aspects, Lookup
from groundplan.components.registry.component import RegistryPart
from groundplan.components.registry.part import repositories_of
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack


class AwsRegistry(RegistryPart):
    """Image repositories on AWS."""

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """With the images in it: https://docs.aws.amazon.com/cli/latest/reference/ecr/delete-repository.html."""
        if asset.kind != "repository":
            return ()
        return (f"aws ecr delete-repository --repository-name {asset.name} --force --region {stack.region}",)

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """By name; its lifecycle policy is written anew."""
        return {"aws_ecr_repository": asset.name} if asset.kind == "repository" else {}

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """With its lifecycle policy, unless it has none so far.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecr_lifecycle_policy#import
        """
        there = (one for one in repositories_of(stack) if one.existing and one.repository == asset.name)
        repository = next(there, None) if asset.kind == "repository" else None
        if repository is None:
            return {}
        rules = {} if "lifecycle" in repository.lacks else {"aws_ecr_lifecycle_policy": asset.name}
        return {"aws_ecr_repository": asset.name, **rules}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "images": "ECR, tags cannot be moved",
            "old images": "untagged after 14 days; the newest keep_images stay",
            "scan": "on every push",
            "after a destroy": "ECR refuses to delete a repository that holds images",
        }


PART = AwsRegistry()
