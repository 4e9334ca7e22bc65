"""What an environment is made of: producers of files, none of which makes what another makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from groundplan import paths
from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, FileSet, digest
from groundplan.environment.write import write
from groundplan.render.context import Context, SpecSource
from groundplan.render.render import PRODUCERS, render
from tests.unit.stack.specs import BASE, training

PIPELINE = ".github/workflows/plan.yml"


def pipelines(context: Context) -> FileSet:
    return {PIPELINE: f"name: {context.composition.stack.name}\n"}


@pytest.fixture
def resolved(tmp_path: Path) -> Resolved:
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump(BASE | {"training": training(vcpus=4)}), encoding="utf-8")
    return resolve_spec(spec)


@pytest.fixture
def context(resolved: Resolved) -> Context:
    text = resolved.document.sources[resolved.document.file]
    places = {"training": resolved.place("training"), "name": resolved.place("name")}
    places |= {"training.pools.main": resolved.place("training.pools.main")}
    named = {path: replace(place, file=SPEC_FILE) for path, place in places.items() if place}
    source = SpecSource({SPEC_FILE: text}, named, copy=True)
    return Context(resolved.compose(), resolved.cloud, source, resolved.estimate(), paths.MODULES)


def test_each_producer_makes_files_of_its_own(context: Context) -> None:
    made = [set(producer(context)) for producer in PRODUCERS]
    assert all(made)
    assert set(render(context)) == set().union(*made) | {LOCK_FILE, SPEC_FILE}
    assert sum(map(len, made)) == len(set().union(*made))


def test_a_further_producer_is_locked_and_owned(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "out"
    files = render(context, [*PRODUCERS, pipelines])
    assert json.loads(files[LOCK_FILE])["files"][PIPELINE] == digest("name: test\n")
    write(files, out)
    (out / ".github/workflows/other.yml").write_text("on: push\n")
    assert write(render(context), out).removed == (PIPELINE,)
    assert (out / ".github/workflows/other.yml").read_text() == "on: push\n"


@pytest.mark.parametrize("path", ["README.md", LOCK_FILE, SPEC_FILE])
def test_no_path_is_made_twice(context: Context, path: str) -> None:
    with pytest.raises(ValueError, match=f"rendered twice: {path}"):
        render(context, [*PRODUCERS, lambda _: {path: "mine"}])


def test_the_lock_says_nothing_of_the_copy_of_the_spec_but_its_digest(context: Context) -> None:
    lock = json.loads(render(context)[LOCK_FILE])
    assert SPEC_FILE not in lock["files"]
    assert lock["spec"]["sources"] == [{"file": SPEC_FILE, "sha256": digest(context.source.files[SPEC_FILE])}]
