"""Container image repositories."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import FOUNDATION, Meter, ModuleCall, Output
from groundplan.components.keys.component import key_id
from groundplan.hcl.write import Expression
from groundplan.quantities import Band
from groundplan.stack.model import Stack


class RegistryComponent:
    """The registry module, once for all repositories."""

    name = "registry"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when the spec has repositories."""
        if not stack.repositories:
            return
        yield ModuleCall(
            component=self.name,
            name="registry",
            source=f"{stack.provider}/registry",
            layer=FOUNDATION,
            arguments={
                "name": Expression("var.name"),
                "kms_key": key_id("storage"),
                "repositories": {r.name: {"keep_images": r.keep_images} for r in stack.repositories},
            },
            path="registry.repositories",
            outputs=(
                Output(
                    "repositories",
                    Expression(
                        "{ for name, repository in module.registry.registry.repositories : name => repository.url }"
                    ),
                    "Addresses that images are pushed to and pulled from, by repository.",
                ),
            ),
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The images in each repository."""
        for repository in stack.repositories:
            size = repository.size_gib
            yield Meter(
                component=self.name,
                item="registry.stored",
                unit="gib_month",
                quantity=Band(size / 2, size, size * 2),
                assumption=f"{size:f} GiB of images, half to double",
                kind="usage",
                path=f"registry.repositories.{repository.name}",
                address="module.registry",
            )


COMPONENT = RegistryComponent()
