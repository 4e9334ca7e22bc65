"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

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
