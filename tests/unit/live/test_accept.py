"""Drift that is accepted: lines for the spec, put there with all else of it as it was written."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.app.live.accept import Accepted, Word, accepted
from groundplan.change.drift.accept import lines
from groundplan.change.drift.ignore import ignored
from groundplan.change.drift.model import Drifted, Fate, Value
from groundplan.change.model import Entry, Kind
from groundplan.cli import run
from groundplan.cli.common import today
from groundplan.environment.lock import IgnoredRecord
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from groundplan.views.live import accept as view
from tests.sizes import spec_text

WORD = Word("finance tags buckets: 'cost'", date(2026, 12, 31))
BUCKET = 'module.buckets.aws_s3_bucket.this["features"]'
SPEC = spec_text("cpu-serving", "aws", "minimal")


def drifted(*paths: str, **more: Any) -> Drifted:
    values = tuple(Value(path, "a", "b", "a", undone=True) for path in paths)
    about = {"address": BUCKET, "type": "aws_s3_bucket", "what": "bucket features", "component": "storage", **more}
    return Drifted(Fate.UNDONE, "10-foundation", path="storage.buckets.features", values=values, **about)


def opened(kind: Kind) -> Entry:
    return Entry(kind, "bucket features is public")


def accept(folder: Path, text: str, *found: Drifted, word: Word | None = WORD, **record: Any) -> Accepted:
    file = folder / "groundplan.yaml"
    file.write_bytes(text.encode())
    spec = SimpleNamespace(file="groundplan.yaml", copied=False, **record)
    at: Any = SimpleNamespace(standing=SimpleNamespace(folder=folder, lock=SimpleNamespace(spec=spec)))
    return accepted(at, found or (drifted("tags.cost"),), word)


@pytest.mark.parametrize(
    "found",
    [
        drifted("tags.cost", "versioning[0].enabled"),
        drifted(*(f"tags.t{number}" for number in range(45))),
        drifted('tags["a b"]', 'rule["x"].to'),
        drifted(),
        drifted("policy", outside=(opened(Kind.OPENS), opened(Kind.DESTROYS_DATA), opened(Kind.INTERRUPTS))),
        drifted("tags.cost", address='module.buckets.aws_s3_bucket.this["a b"]'),
        drifted("tags.cost", component="", type="x_y", what='thing "ü"'),
        drifted("tags.cost", component="2" * 60),
    ],
)
def test_the_lines_hide_what_was_found_and_a_spec_takes_them(found: Drifted, tmp_path: Path) -> None:
    made = lines([found, found], ["storage-features"])
    assert len({line.name for line in made}) == len(made)
    records = [
        IgnoredRecord(
            **{"name": one.name, "at": one.at, "attributes": one.attributes},
            kind=one.kind or "",
            until=WORD.until,
            reason=WORD.reason,
        )
        for one in made
    ]
    assert ignored(found, records).ignored_by
    assert accept(tmp_path, SPEC, found).written


IGNORING = "  ignore:\n    # by hand\n    mine: {at: storage, until: '2026-12-01', reason: r}  # kept\n"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"# top\n{SPEC}# end", "end"),
        (f"{SPEC}drift:  # known\n{IGNORING}# end\n", "ignore"),
        (f"drift:\n{IGNORING.replace('    ', '      ')}\n{SPEC}", "ignore"),
        (f"{SPEC}drift:\n  ignore:\n", "ignore"),
        (f"{SPEC}drift:\n", "drift"),
        (SPEC.replace("\n", "\r\n"), "end"),
    ],
)
def test_nothing_else_of_the_spec_changes(text: str, new: str, tmp_path: Path) -> None:
    made = accept(tmp_path, text)
    assert made.written and not made.diagnostics
    after = (tmp_path / "groundplan.yaml").read_bytes().decode()
    kept = iter(after.splitlines())
    assert all(line in kept for line in text.splitlines()), after
    assert ("\r\n" in text) == ("\r\n" in after)
    found = load(tmp_path / "groundplan.yaml").lookup.value("drift", "ignore", "storage-features")
    assert found == {"at": BUCKET, "attributes": ["tags.cost"], "until": "2026-12-31", "reason": WORD.reason}
    again = accept(tmp_path, after)
    assert [line.name for line in again.lines] == ["storage-features-2"] and again.written


@pytest.mark.parametrize("block", ["drift: {}\n", "drift: {ignore: {}}\n", "drift:\n  ignore: {}\n", "drift: &a\n"])
def test_a_block_that_takes_no_lines_is_left_as_it_is(block: str, tmp_path: Path) -> None:
    made = accept(tmp_path, f"{SPEC}{block}")
    text = (tmp_path / "groundplan.yaml").read_text()
    assert made.written == (text != f"{SPEC}{block}")
    assert made.written or [one.code for one in made.diagnostics] == ["GP945"]


def test_lines_are_added_to_those_of_a_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"{SPEC}drift:\n{IGNORING}")
    made = accept(tmp_path, "apiVersion: groundplan/v1\nextends: base.yaml\n")
    assert made.written, made
    names = load(tmp_path / "groundplan.yaml").lookup.mapping("drift", "ignore")
    assert set(names) == {"mine", "storage-features"}
    assert (tmp_path / "base.yaml").read_text() == f"{SPEC}drift:\n{IGNORING}"


def test_a_copy_and_a_spec_that_is_elsewhere_are_not_written(tmp_path: Path) -> None:
    made = accept(tmp_path, SPEC)
    assert made.written
    spec = SimpleNamespace(file="groundplan.yaml", copied=True)
    at: Any = SimpleNamespace(standing=SimpleNamespace(folder=tmp_path, lock=SimpleNamespace(spec=spec)))
    before = (tmp_path / "groundplan.yaml").read_text()
    assert [one.code for one in accepted(at, [drifted("tags.cost")], WORD).diagnostics] == ["GP945"]
    spec.file = "elsewhere.yaml"
    assert [one.code for one in accepted(at, [drifted("tags.cost")], WORD).diagnostics] == ["GP945"]
    assert (tmp_path / "groundplan.yaml").read_text() == before


def test_without_a_word_nothing_is_written(tmp_path: Path) -> None:
    made = accept(tmp_path, SPEC, word=None)
    assert made.lines and not made.written
    assert (tmp_path / "groundplan.yaml").read_text() == SPEC


def test_a_word_that_no_spec_takes_is_not_written(tmp_path: Path) -> None:
    made = accept(tmp_path, SPEC, word=Word("x" * 400, WORD.until))
    assert not made.written and (tmp_path / "groundplan.yaml").read_text() == SPEC


def test_what_is_shown_can_be_pasted(tmp_path: Path) -> None:
    """With the reason and the day filled in."""
    made = accept(tmp_path, SPEC, word=None)
    shown = view.text(made, tmp_path)
    block = shown.partition("may know:\n")[2].partition("then: groundplan render ")[0]
    filled = block.replace(view.TO_SAY[0], "2026-12-31").replace(view.TO_SAY[1], "finance")
    (tmp_path / "groundplan.yaml").write_text(SPEC + filled)
    parse(load(tmp_path / "groundplan.yaml"))
    assert view.as_json(made)["lines"] == {
        "storage-features": {"at": BUCKET, "attributes": ["tags.cost"], "kind": None}
    }
    put = view.text(accept(tmp_path, SPEC), tmp_path)
    assert "in " in put and "below drift.ignore: storage-features\n" in put and "next: groundplan render " in put


@pytest.mark.parametrize(
    "options",
    [
        ("--until", "2026-12-31"),
        ("--accept", "--until", "2026-12-31"),
        ("--accept", "finance"),
        ("--accept", "finance", "--until", "2020-01-01"),
        ("--accept", "finance", "--until", "9999-01-01"),
        ("--accept", "finance", "--until", "soon"),
        ("--accept", "two\nlines", "--until", "{tomorrow}"),
    ],
)
def test_half_a_word_is_a_usage_error(options: tuple[str, ...], tmp_path: Path) -> None:
    tomorrow = str(today() + timedelta(days=1))
    assert run(["drift", str(tmp_path), *(word.replace("{tomorrow}", tomorrow) for word in options)]) == 2
