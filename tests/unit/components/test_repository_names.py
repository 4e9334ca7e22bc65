"""Names of repositories: what the spec takes is what the modules take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundplan import paths
from groundplan.app.pipeline import resolve_spec
from groundplan.diagnostics import DiagnosticsError

SPEC = """apiVersion: groundplan/v1
name: acme
owner: ml
cloud: {{provider: {cloud}, {place}}}
registry:
  repositories:
    trainer:
      existing: {name}
"""
PLACES = {
    "aws": 'region: us-east-1, account: "123456789012"',
    "gcp": "region: us-central1, account: ml-prod-7",
}
NAMES = ("old", "old-1", "old/app", "old.app", "old_app", "1old", "old--1", "o", "o" * 63, "o" * 64)


def taken_by_module(cloud: str, name: str) -> bool:
    """What the condition on `repository` says, without the length that it adds."""
    text = (paths.MODULES / cloud / "registry" / "variables.tf").read_text(encoding="utf-8")
    [pattern] = re.findall(r'regex\("([^"]*)", r\.repository\)', text)
    return re.search(pattern, name) is not None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cloud", PLACES)
def test_a_name_that_the_module_refuses_is_refused_in_its_line(cloud: str, name: str, tmp_path: Path) -> None:
    spec = tmp_path / "groundplan.yaml"
    spec.write_text(SPEC.format(cloud=cloud, place=PLACES[cloud], name=f'"{name}"'), encoding="utf-8")
    try:
        resolve_spec(spec)
    except DiagnosticsError as error:
        [found] = error.diagnostics
        assert not taken_by_module(cloud, name) or "--" in name, "which no repository of both clouds has"
        assert found.path == "registry.repositories.trainer.existing" and found.hint
    else:
        assert taken_by_module(cloud, name)
