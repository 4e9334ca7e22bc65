"""`groundplan schema`."""

from __future__ import annotations

import json

import click

from groundplan.cli.common import Outcome, reports
from groundplan.views.console import Console


@click.command()
@reports()
def command(console: Console) -> Outcome:
    """Print the JSON Schema of the spec, for editors and other tools.

    It is generated from the models that validate a spec. Refer to it on the first line of a spec:
    `# yaml-language-server: $schema=schema.json`.
    """
    from groundplan.spec.schema import schema

    made = schema()
    return Outcome(text=json.dumps(made, indent=2, ensure_ascii=False), data={"schema": made})
