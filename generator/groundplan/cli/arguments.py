"""Arguments and options that several commands take."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from groundplan.clouds import CLOUDS
from groundplan.spec.elsewhere import Elsewhere

spec = click.argument("spec", type=click.Path(path_type=Path), metavar="SPEC")
folder = click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
folders = click.argument("folders", type=click.Path(path_type=Path), metavar="DIR...", nargs=-1, required=True)
output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write to."
)
overwrite = click.option(
    "--overwrite", is_flag=True, help="Replace files that were edited by hand or that groundplan did not write."
)
upgrade = click.option(
    "--upgrade",
    is_flag=True,
    help="Decide anew what the last render into DIR decided: instance types, zones, Kubernetes version.",
)
provider_schemas = click.option(
    "--provider-schema",
    "provider_schemas",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Schemas of a further provider: output of `terraform providers schema -json`.",
)
terraform_bin = click.option(
    "--terraform-bin", metavar="PROGRAM", help="Terraform or OpenTofu to use instead of the embedded one."
)


def elsewhere(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options for the same spec in another place; the function gets them as one argument, `elsewhere`."""

    @click.option("--cloud", "provider", type=click.Choice(list(CLOUDS)), help="Cloud instead of the spec's own.")
    @click.option("--region", help="Region instead of the spec's own; with --cloud: the one nearest to that.")
    @click.option("--account", help="Account or project instead of the spec's own; with --cloud: an example.")
    @functools.wraps(function)
    def wrapper(*args: Any, provider: str | None, region: str | None, account: str | None, **kwargs: Any) -> Any:
        return function(*args, elsewhere=Elsewhere(provider, region, account), **kwargs)

    return wrapper


price_books = click.option(
    "--prices",
    "price_books",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Price book of your own, YAML or CSV, over the embedded ones; may be given again.",
)
