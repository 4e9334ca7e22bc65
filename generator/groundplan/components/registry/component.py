"""Container image repositories."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, Contents, Holding, ModuleCall, Output
from groundplan.components.keys.component import key_id
from groundplan.components.registry.part import Repository, repositories_of
from groundplan.components.registry.resolve import resolve_repositories
from groundplan.hcl.references import AttributeByName, Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

REGISTRY = Ref("registry", "registry")


class RegistryPart(CloudPart):
    """How a cloud keeps images."""

    def tags_move(self, repository: Repository) -> bool:
        """Whether tags of the repository's images can be moved."""
        return False

    def named(self, repository: Repository) -> dict[str, Value]:
        """What the module takes for a repository with a name that is not made from its key."""
        return {"repository": repository.repository}


class RegistryComponent(Component[RegistryPart]):
    """The registry module, once for all repositories."""

    name = "registry"
    anywhere = RegistryPart()

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_repositories(work)

    def contents(self, stack: Stack) -> Iterable[Contents]:
        """Every repository."""
        if repositories_of(stack):
            yield Contents("repositories", "of images")

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when the spec has repositories."""
        if not repositories_of(stack):
            return
        yield ModuleCall(
            component=self.name,
            name=REGISTRY.call,
            source=f"{stack.provider}/registry",
            layer=FOUNDATION,
            arguments={
                "name": Var("name"),
                "kms_key": key_id("storage"),
                "repositories": {r.name: _arguments(r, self.on(cloud)) for r in repositories_of(stack)},
                **self.on(cloud).arguments("registry", stack),
            },
            path="registry.repositories",
            outputs=(
                Output(
                    "repositories",
                    AttributeByName(REGISTRY.at("repositories"), "repository", "url"),
                    "Addresses that images are pushed to and pulled from, by repository.",
                ),
            ),
        )

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """Every repository."""
        for r in repositories_of(stack):
            was = (r.first_name,) if r.first_name else ()
            path = f"registry.repositories.{r.name}"
            call, imported = REGISTRY.call, r.existing
            asset = Asset("repository", r.repository, path, FOUNDATION, call, r.name, was, imported=imported)
            yield Holding(asset, each="repositories")


def _arguments(repository: Repository, part: RegistryPart) -> Value:
    moves: dict[str, Value] = {"immutable_tags": False} if part.tags_move(repository) else {}
    own = repository.first_name or repository.existing
    return {"keep_images": repository.keep_images, **moves, **(part.named(repository) if own else {})}


COMPONENT = RegistryComponent()
