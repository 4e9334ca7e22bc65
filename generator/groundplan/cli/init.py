"""`groundplan init [DIR]`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from groundplan.app.blueprints import blueprints
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.clouds import CLOUDS
from groundplan.escaping import for_text
from groundplan.views.console import Console


@click.command()
@click.argument("folder", type=arguments.NamedPath(), default=Path(), metavar="[DIR]")
@click.option(
    "--blueprint",
    type=click.Choice(blueprints()),
    default="gpu-training",
    show_default=True,
    help="Blueprint to copy.",
)
@click.option(
    "--cloud", "provider", type=click.Choice(list(CLOUDS)), default="aws", show_default=True, help="Cloud to run on."
)
@click.option("--name", help="Name of the environment; default: the name of DIR.")
@click.option("--region", help="Region; default: the cloud's most common one.")
@click.option("--account", help="Account or project; default: a placeholder to replace.")
@reports()
def command(
    folder: Path,
    blueprint: str,
    provider: str,
    name: str | None,
    region: str | None,
    account: str | None,
    console: Console,
) -> Outcome:
    """Write a starting spec from a blueprint.

    DIR/groundplan.yaml is a commented page to edit; an existing one is never overwritten. It is valid as it is:
    `groundplan build DIR/groundplan.yaml -o out` runs the whole chain.
    """
    from groundplan.app.init import start
    from groundplan.app.target import Target

    started = start(folder, blueprint, name, Target(provider, region, account))
    file = str(started.file)
    steps = (
        f"{for_text(file)}: written from the blueprint {blueprint}\n"
        f"Next: groundplan build {for_text(shlex.quote(file))} -o out\n"
    )
    return Outcome(text=steps, data={"file": file, "blueprint": blueprint}, diagnostics=started.notices)
