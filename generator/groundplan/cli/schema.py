"""`groundplan schema`."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of the spec, for editors and other tools.

    It is made from the same models that check a spec. In a spec, name it on the first line:
    `# yaml-language-server: $schema=schema.json`.
    """
    from groundplan.spec.schema import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
