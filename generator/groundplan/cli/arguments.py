"""Arguments and options that several commands take."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from groundplan.clouds import CLOUDS

MOST_DOLLARS = 1_000_000_000


class NamedPath(click.Path):
    """A path with a name: an empty one, most often a variable that is not set, would be the folder one stands in."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a usage error when it is empty."""
        return super().convert(_said(value, param, ctx), param, ctx)


class NamedText(click.types.StringParamType):
    """A text that is not empty, since an empty one would count as not given."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text; a usage error when it is empty."""
        return super().convert(_said(value, param, ctx), param, ctx)


class Dollars(click.ParamType[Decimal]):
    """US dollars: more than nothing, with no more than a billion of them."""

    name = "dollars"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The amount; a usage error for anything else."""
        text = str(value)
        if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,9})?", text, re.ASCII) or not 0 < Decimal(text) <= MOST_DOLLARS:
            self.fail(f"{text[:40]!r} is no amount such as 4000 or 99.50, up to {MOST_DOLLARS:,}", param, ctx)
        return Decimal(text)


_SHIPPED = tuple(CLOUDS)


class CloudName(click.Choice[str]):
    """The name of a registered cloud, looked up when it is given: a cloud may join while groundplan runs."""

    def __init__(self) -> None:
        super().__init__(_SHIPPED)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name; a usage error when no cloud has it."""
        return value if value in CLOUDS else super().convert(value, param, ctx)


def _said(value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
    if value == "":
        raise click.BadParameter("is empty", ctx, param)
    return value


spec = click.argument("spec", type=NamedPath(), metavar="SPEC")
folder = click.argument("folder", type=NamedPath(), metavar="DIR")
folders = click.argument("folders", type=NamedPath(), metavar="DIR...", nargs=-1, required=True)
output = click.option("-o", "--output", type=NamedPath(), required=True, metavar="DIR", help="Folder to write to.")
overwrite = click.option(
    "--overwrite", is_flag=True, help="Replace files that were edited by hand or that groundplan did not write."
)
upgrade = click.option(
    "--upgrade",
    is_flag=True,
    help="Redo the choices of the last render into DIR: instance types, the next Kubernetes version.",
)
forget = click.option(
    "--forget",
    is_flag=True,
    help="Do not hold the spec to what the last render into DIR says the environment is, such as its zones, address "
    "range and Kubernetes version: it was never applied, or changed by other means.",
)
provider_schemas = click.option(
    "--provider-schema",
    "provider_schemas",
    type=NamedPath(),
    multiple=True,
    metavar="FILE",
    help="Schemas of an additional provider: output of `terraform providers schema -json`.",
)
terraform_bin = click.option(
    "--terraform-bin", metavar="PROGRAM", help="Terraform or OpenTofu to use instead of the embedded one."
)
allow = click.option(
    "--allow",
    "allow",
    type=NamedText(),
    multiple=True,
    metavar="CLASS[:WHAT]",
    help="Let a finding pass, public-range:RANGE or unknown-range:ADDRESS, or what a change does, such as "
    "destroys-data:ADDRESS; repeatable.",
)
allow_changes = click.option(
    "--allow",
    "allow",
    type=NamedText(),
    multiple=True,
    metavar="CLASS[:WHAT]",
    help="Let what a change does pass, such as replaces:ADDRESS or destroys-data:KEY; repeatable.",
)

roots = click.option(
    "--root",
    "roots",
    type=NamedText(),
    multiple=True,
    metavar="PATH",
    help="Folder in DIR to run Terraform in; repeatable.  [default: those named NN-…, or DIR itself]",
)
live_terraform_bin = click.option(
    "--terraform-bin",
    metavar="PROGRAM",
    help="Terraform or OpenTofu to run.  [default: terraform, else tofu, on the PATH]",
)
logs = click.option(
    "--logs",
    type=NamedPath(),
    metavar="DIR",
    help="Folder for what Terraform says, without secrets.  [default: below the user's cache]",
)
results = click.option(
    "--results",
    type=NamedPath(),
    metavar="FILE",
    help="Append variables for later jobs to this file, such as $GITHUB_OUTPUT.",
)


def _named_roots(_context: click.Context, _option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Each by itself: pipelines name several in one variable, with commas between."""
    return tuple(root for text in value for root in text.split(",") if root)


live_roots = click.option(
    "--root",
    "roots",
    type=NamedText(),
    multiple=True,
    metavar="ROOT",
    callback=_named_roots,
    help="Only this root, such as 10-foundation; repeatable, or with commas.",
)
var_files = click.option(
    "--var-file",
    "var_files",
    type=NamedPath(),
    multiple=True,
    metavar="FILE",
    help="Values for variables without a default, as `terraform plan` takes them; repeatable.",
)


def target(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options for another cloud, region or account than the spec's own; the function gets them as one `target`."""
    from groundplan.app.target import Target

    @click.option("--cloud", "provider", type=CloudName(), help="Override the spec's cloud.")
    @click.option(
        "--region",
        type=NamedText(),
        help="Override the spec's region.  [default with --cloud: the nearest one]",
    )
    @click.option(
        "--account",
        type=NamedText(),
        help="Override the spec's account or project.  [default with --cloud: a placeholder]",
    )
    @functools.wraps(function)
    def wrapper(*args: Any, provider: str | None, region: str | None, account: str | None, **kwargs: Any) -> Any:
        return function(*args, target=Target(provider, region, account), **kwargs)

    return wrapper


price_books = click.option(
    "--prices",
    "price_books",
    type=NamedPath(),
    multiple=True,
    metavar="FILE",
    help="Your own price book, YAML or CSV, layered over the embedded ones; repeatable.",
)
