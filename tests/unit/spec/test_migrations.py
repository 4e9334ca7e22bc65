"""Specs of a format before the present one, which is made up: `groundplan/v0` called pools `machines`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.app.pipeline import resolve_spec
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.spec import migrations
from groundplan.spec.document import Document
from groundplan.spec.load import load
from groundplan.spec.migrations import Step, climb
from groundplan.spec.parse import parse

V0 = """\
apiVersion: groundplan/v0
name: small
owner: ml
cloud: {provider: aws, region: us-east-1, account: "111122223333"}
training:
  machines: {jobs: {vcpus: 4, nodes: {min: 0, max: 2}}}
"""


def renamed(document: Document) -> Document:
    """`training.machines` as `training.pools`, with the places that it has."""
    training = document.lookup.mapping("training")
    if "machines" not in training:
        return document
    pools = {"pools" if key == "machines" else key: value for key, value in training.items()}
    old, new = ("training", "machines"), ("training", "pools")
    places = {(new + path[2:] if path[:2] == old else path): place for path, place in document.places.items()}
    return replace(document, values={**document.values, "training": pools}, places=places)


STEPS: Mapping[str, Step[Document]] = {
    "groundplan/v0": Step("groundplan/v1", renamed, "`training.machines` is `training.pools`")
}


@pytest.fixture
def v0(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(migrations.migrated, "__defaults__", (STEPS,))
    path = tmp_path / "groundplan.yaml"
    path.write_text(V0)
    return path


def test_an_earlier_format_is_read_as_the_present_one_and_said(v0: Path) -> None:
    resolved = resolve_spec(v0)
    assert resolved.spec.apiVersion == "groundplan/v1"
    [notice] = [one for one in resolved.notices if one.code == "GP728"]
    assert notice.severity is Severity.WARNING
    assert notice.place and (notice.place.line, notice.place.column) == (1, 13)
    assert notice.message == (
        "`groundplan/v0` is the format of an earlier release, read as `groundplan/v1`: "
        "`training.machines` is `training.pools`"
    )


def test_findings_point_at_what_is_written(v0: Path) -> None:
    v0.write_text(V0.replace("vcpus: 4", "vcpus: none"))
    with pytest.raises(DiagnosticsError) as caught:
        parse(load(v0))
    [found] = caught.value.diagnostics
    assert found.path == "training.pools.jobs.vcpus" and found.place and found.place.line == 6


def test_an_environment_of_it_renders_as_one_of_the_present(v0: Path) -> None:
    made = {name: text for name, text in resolve_spec(v0).render(v0.parent).items() if name.endswith(".tf")}
    v0.write_text(V0.replace("v0", "v1").replace("machines", "pools"))
    now = {name: text for name, text in resolve_spec(v0).render(v0.parent).items() if name.endswith(".tf")}
    assert made == now


def test_without_a_step_it_is_not_supported(tmp_path: Path) -> None:
    path = tmp_path / "groundplan.yaml"
    path.write_text(V0)
    with pytest.raises(DiagnosticsError, match="GP209"):
        parse(load(path))


def test_steps_follow_one_another_and_stop_where_none_begins() -> None:
    steps = {"1": Step("2", lambda x: x + 1, "a"), "2": Step("3", lambda x: x * 10, "b")}
    assert climb(1, "1", steps) == (20, "3", ("a", "b"))
    assert climb(1, "2", steps) == (10, "3", ("b",))
    for version in ("3", None, 1, [], {}):
        assert climb(1, version, steps)[0] == 1
