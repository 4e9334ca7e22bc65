"""`groundplan init [DIR]`."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click

from groundplan import paths
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.clouds import CLOUDS
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.views.console import Console

SPEC_FILE = "groundplan.yaml"


def blueprints() -> list[str]:
    """Names of the blueprints that groundplan ships, sorted."""
    return sorted(path.parent.name for path in paths.BLUEPRINTS.glob("*/blueprint.yaml"))


@click.command()
@click.argument("folder", type=arguments.NamedPath(), default=Path(), metavar="[DIR]")
@click.option(
    "--blueprint",
    type=click.Choice(blueprints()),
    default="gpu-training",
    show_default=True,
    help="What to start from.",
)
@click.option(
    "--cloud", "provider", type=click.Choice(list(CLOUDS)), default="aws", show_default=True, help="Where it is to run."
)
@click.option("--name", help="Name of the environment; default: the name of DIR.")
@click.option("--region", help="Region; default: the cloud's usual first.")
@click.option("--account", help="Account or project; default: an example to replace.")
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

    DIR/groundplan.yaml is a commented page to change; an existing one is never overwritten. The result is valid as it
    is, so that `groundplan build DIR/groundplan.yaml -o out` shows the whole chain at once.
    """
    from groundplan.app.pipeline import resolve_spec
    from groundplan.clouds import find_cloud

    cloud = find_cloud(provider)
    assert cloud is not None, "click offers the registry's names only"
    path = folder / SPEC_FILE
    where = f"provider: {provider}, region: {region or cloud.example_region}"
    text = fill_in(
        (paths.BLUEPRINTS / blueprint / "blueprint.yaml").read_text(encoding="utf-8"),
        name=name or _name_of(folder, blueprint),
        cloud=f'{{{where}, account: "{account or cloud.example_account}"}}',
    )
    made = _create(path, text)
    try:
        resolved = resolve_spec(path)
    except DiagnosticsError:
        path.unlink()
        for parent in made:
            parent.rmdir()
        raise
    steps = f"{path}: written from the blueprint {blueprint}\nNext: groundplan build {shlex.quote(str(path))} -o out\n"
    return Outcome(text=steps, data={"file": str(path), "blueprint": blueprint}, diagnostics=resolved.notices)


def fill_in(text: str, *, name: str, cloud: str) -> str:
    """A blueprint with its own name and cloud; both stand on lines of their own in every blueprint."""
    text = re.sub(r"\A# yaml-language-server:.*\n", "", text)
    text = re.sub(r"^name:.*$", lambda _: f"name: {name}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^cloud:.*$", lambda _: f"cloud: {cloud}", text, count=1, flags=re.MULTILINE)


def _name_of(folder: Path, blueprint: str) -> str:
    """The folder's name as far as it can name an environment, else the blueprint's."""
    name = re.sub(r"[^a-z0-9]+", "-", Path(os.path.realpath(folder)).name.lower()).strip("-")[:24].rstrip("-")
    return name if re.fullmatch(r"[a-z][a-z0-9-]+", name) else blueprint


def _create(path: Path, text: str) -> list[Path]:
    """Writes the spec; the folders made for it, the innermost first."""
    try:
        if os.path.lexists(path):
            hint = "choose another folder, or change the spec that is there"
            raise DiagnosticsError([Diagnostic(code="GP403", message=f"{path} is there already", hint=hint)])
        made = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise DiagnosticsError([Diagnostic(code="GP403", message=message)]) from None
    return made
