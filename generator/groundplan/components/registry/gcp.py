"""Image repositories on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundplan.components.base import Arguments, Aspects, Lookup, Note
from groundplan.components.needs import Key
from groundplan.components.registry.component import RegistryPart
from groundplan.components.registry.part import Repository, repositories_of
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Need, Stack


class GcpRegistry(RegistryPart):
    """Image repositories on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the repositories."""
        return {"region": Var("region")}

    def tags_move(self, repository: Repository) -> bool:
        """Where the spec says how many images stay: Artifact Registry deletes no image whose tag cannot move."""
        return repository.keeps_only

    def named(self, repository: Repository) -> dict[str, Value]:
        """Its name, and that of the images in it where it had another."""
        return {**super().named(repository), **({"image": name} if (name := repository.first_name) else {})}

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Artifact Registry uses the key too."""
        if repositories_of(stack):
            yield Key("storage", users=("artifactregistry",))

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What repositories call."""
        return ("artifactregistry",) if repositories_of(stack) and layer == FOUNDATION else ()

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Tags can be moved where images expire."""
        names = (repository.name for repository in repositories_of(stack) if repository.keeps_only)
        paths = tuple(f"registry.repositories.{name}.keep_images" for name in names)
        words = "tags can be moved then, because Artifact Registry deletes no image whose tag cannot"
        yield Note("otherwise", words, paths)

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """With the images in it: https://docs.cloud.google.com/sdk/gcloud/reference/artifacts/repositories/delete."""
        if asset.kind != "repository":
            return ()
        where = f"--location {stack.region} --project {stack.account}"
        return (f"gcloud artifacts repositories delete {asset.name} {where}",)

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """By path."""
        path = f"projects/{stack.account}/locations/{stack.region}/repositories/{asset.name}"
        return {"google_artifact_registry_repository": path} if asset.kind == "repository" else {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        bounded = any(repository.keeps_only for repository in repositories_of(stack))
        tags = "tags can be moved where keep_images is stated" if bounded else "tags cannot be moved"
        kept = "the newest keep_images stay where it is stated" if bounded else "tagged ones stay for ever"
        return {
            "images": f"Artifact Registry, {tags}",
            "old images": f"untagged after 14 days; {kept}",
            "scan": "if the project has Container Scanning on; billed by the image",
            "after a destroy": "a repository goes with the images in it",
        }


PART = GcpRegistry()
