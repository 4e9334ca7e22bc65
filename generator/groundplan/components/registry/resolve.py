"""The image repositories of a stack."""

from __future__ import annotations

from decimal import Decimal

from groundplan.components.registry.part import Repositories, Repository
from groundplan.components.registry.spec import Registry
from groundplan.stack import naming
from groundplan.stack.work import Work, as_written

DEFAULT_IMAGES = 50
DEFAULT_REPOSITORY_GIB = Decimal(10)


def resolve_repositories(work: Work) -> Repositories:
    """The image repositories of the spec."""
    registry, repositories = work.spec.block(Registry), []
    for name, said in (registry.repositories if registry else {}).items():
        path = f"registry.repositories.{name}"
        made = f"{work.spec.name}{work.cloud.names.path_separator}{said.renamed_from or name}"
        full = said.existing or made
        named = f"{path}.existing" if said.existing else path
        work.diagnostics += naming.check_name(work.cloud, "repository", full, named)
        repositories.append(
            Repository(
                name=name,
                repository=full,
                keep_images=work.choose(
                    f"{path}.keep_images", said.keep_images, DEFAULT_IMAGES, "releases to go back to"
                ),
                keeps_only=said.keep_images is not None,
                size_gib=work.choose(
                    f"{path}.size_gib", as_written(said.size_gib), DEFAULT_REPOSITORY_GIB, "a few layered images"
                ),
                first_name=said.renamed_from or "",
                existing=bool(said.existing),
                lacks=tuple(said.options_of(work.cloud.name).get("lacks", ())),
            )
        )
    return Repositories(tuple(repositories))
