"""What the strict reader accepts it reads as Terraform does: held against Terraform's own reader, on hostile text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan.hcl import blocks, read, strict
from groundplan.hcl.strict import Block, UncertainError
from groundplan.terraform.screen import screen
from tests.unit.hcl.hostile import PIECES, WHOLE

pytestmark = pytest.mark.slow

Read = Callable[[str, str], dict[str, Any] | None]
EXAMPLES = 600


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """What Terraform reads in a folder with one file of this name and text; nothing when it cannot be shown."""
    folder = tmp_path_factory.mktemp("read")
    script = Path(__file__).with_name("terraform_reader.py")
    with subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None

        def read(name: str, text: str) -> dict[str, Any] | None:
            for file in folder.iterdir():
                file.unlink()
            (folder / name).write_bytes(text.encode())
            process.stdin.write(json.dumps(str(folder)) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            facts: dict[str, Any] | None = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            return facts

        read.folder = folder  # type: ignore[attr-defined]
        yield read
        process.stdin.close()


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to a text: where, as a part of its length, how much goes, and what comes instead."""

    at: float
    remove: int
    insert: str

    def apply(self, text: str) -> str:
        start = int(self.at * len(text))
        return text[:start] + self.insert + text[start + self.remove :]


EDITS = st.lists(
    st.builds(Edit, st.floats(0, 1), st.sampled_from([0, 0, 0, 1, 2, 5]), st.sampled_from(["", *PIECES])), max_size=5
)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A resource, in whose body a few lines were changed by pieces that end, begin or hide something."""
    text = "".join(draw(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=4)))
    for edit in draw(EDITS):
        text = edit.apply(text)
    whole = draw(st.sampled_from(["", "", "", "\ufeff"])) + f'resource "terraform_data" "a" {{\n{text}}}\n'
    return whole.replace("\r\n", "\n").replace("\n", "\r\n") if draw(st.booleans()) else whole


def ours(text: str) -> dict[str, list[list[Any]]]:
    """What the strict reader reads, with offsets in bytes."""
    source = strict.read(text)
    mark = text.startswith("\ufeff")
    at = lambda offset: len(text[: offset + mark].encode())  # noqa: E731
    blocks: list[list[Any]] = []
    attributes: list[list[Any]] = []

    def walk(block: Block) -> None:
        attributes.extend([one.name, at(one.offset)] for one in block.attributes)
        for inner in block.blocks:
            blocks.append([inner.type, *inner.labels, at(inner.offset)])
            walk(inner)

    walk(source.body)
    return {
        "calls": [[call.name, at(call.offset)] for call in source.calls],
        "blocks": blocks,
        "attributes": attributes,
    }


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(text=sources())
def test_all_that_terraform_reads_is_read(terraform: Read, text: str) -> None:
    try:
        read = ours(text)
    except UncertainError:
        return
    theirs = terraform("main.tf", text)
    if theirs is None:
        return
    for kind, found in read.items():
        assert [one for one in theirs[kind] if one not in found] == [], (kind, text)
    assert [one for one in theirs["errors"] if not one.startswith(("Attribute redefined", "Unexpected "))] == [], text


def test_the_texts_are_not_all_refused(terraform: Read) -> None:
    """Else the test above would prove nothing: what it starts from is read, and so is most of what Terraform takes."""
    for text in WHOLE:
        whole = f'resource "terraform_data" "a" {{\n{text}}}\n'
        theirs = terraform("main.tf", whole)
        assert theirs is not None and theirs["errors"] == []
        assert sorted(ours(whole)["calls"]) == sorted(theirs["calls"])
        assert len(ours(whole)["attributes"]) == len(theirs["attributes"])


ACTS = [
    "terraform {\n  cloud {\n  }\n}\n",
    'terraform {\n  backend "local" {\n  }\n}\n',
    'resource "a" "b" {\n  provisioner "local-exec" {\n    command = "x"\n  }\n}\n',
    'resource "a" "c" {\n  connection {\n    host = "x"\n  }\n}\n',
    'data "terraform_remote_state" "x" {\n  backend = "local"\n}\n',
    'module "m" {\n  source = "http://127.0.0.1:9/x.zip"\n}\n',
]
WHOLE_FILES = [
    *ACTS,
    "locals {\n  a = <<E\n${1}\nE\n}\n",
    'locals {\n  a = "${"}"}"\n}\n',
    "locals {\n  x = { a = 1 }\n}\n",
]


@st.composite
def files(draw: st.DrawFn) -> str:
    """Blocks on which Terraform acts between others, changed in the same way."""
    text = "".join(draw(st.lists(st.sampled_from(WHOLE_FILES), min_size=1, max_size=3)))
    for edit in draw(EDITS):
        text = edit.apply(text)
    return text


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(text=files(), name=st.sampled_from(["main.tf", "override.tf"]))
def test_nothing_that_terraform_would_act_on_passes_the_screen(terraform: Read, text: str, name: str) -> None:
    theirs = terraform(name, text)
    if theirs is None or screen(terraform.folder):  # type: ignore[attr-defined]
        return
    acts = [one for one in theirs["acts"] if one not in ("module", "backend") or name != "main.tf"]
    assert acts == [], text
    assert [one for one in theirs["sources"] if one is None or not one.startswith(('"./', '"../'))] == [], text


def _json_documents() -> st.SearchStrategy[Any]:
    words = ["terraform", "cloud", "backend", "local", "resource", "a", "b", "provisioner", "local-exec", "data", "//"]
    words += [
        "terraform_remote_state",
        "connection",
        "module",
        "m",
        "source",
        "removed",
        "from",
        "check",
        "x/y/z",
        "./m",
    ]
    keys = st.sampled_from(words)
    return st.recursive(
        st.sampled_from(["x", "x/y/z", "./m", 1, None]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, min_size=1, max_size=2),
        max_leaves=12,
    )


_BODIES: list[Any] = [
    {"terraform": {"cloud": {}}},
    {"resource": {"a": {"b": {"provisioner": {"local-exec": {}}}}}},
    {"resource": {"a": {"b": {"connection": {}}}}},
    {"data": {"terraform_remote_state": {"x": {}}}},
    {"module": {"m": {"source": "x/y/z"}}},
]


@settings(max_examples=EXAMPLES // 3, suppress_health_check=list(HealthCheck))
@given(
    document=st.sampled_from(_BODIES) | _json_documents(),
    lists=st.lists(st.booleans(), max_size=8),
    escape=st.booleans(),
)
def test_nothing_in_json_passes_the_screen(terraform: Read, document: Any, lists: list[bool], escape: bool) -> None:
    flags = iter(lists)

    def wrapped(value: Any) -> Any:
        if isinstance(value, dict):
            value = {key: wrapped(inner) for key, inner in value.items()}
        return [value] if next(flags, False) else value

    text = json.dumps(wrapped(document))
    text = text.replace("r", "\\u0072").replace("o", "\\u006f") if escape else text
    theirs = terraform("main.tf.json", text)
    if theirs is None or screen(terraform.folder):  # type: ignore[attr-defined]
        return
    assert [one for one in theirs["acts"] if one not in ("module", "backend")] == [], text
    assert "module" not in theirs["acts"] or "./m" in text, text


def _outline(block: blocks.Block | Block) -> list[Any]:
    """The blocks with their labels, and the names of what is in them, in any order."""
    attributes = block.attributes if isinstance(block.attributes, dict) else [one.name for one in block.attributes]
    return [block.type, *block.labels, sorted(set(attributes)), [_outline(inner) for inner in block.blocks]]


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(sources(), files()))
def test_rules_see_the_blocks_that_the_strict_reader_sees(text: str) -> None:
    """The other reader is quicker and keeps comments; what is not refused it reads the same."""
    try:
        strictly = strict.read(text)
    except UncertainError:
        return
    assert _outline(read.parse(text, "main.tf")) == _outline(strictly.body)
