"""The operator's word about a change: what it covers, how long a line of the spec holds, what allows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from groundplan.allowances import CHANGES, Allowance, allowances
from groundplan.change.allowed import SpecLine, allowed, covers, spec_lines, word
from groundplan.change.model import Entry, Kind
from groundplan.components.changes.spec import Allowed
from groundplan.diagnostics import Place, Severity
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from tests.unit.change.samples import BUCKET, DATABASE, POOL, sample

TODAY = date(2026, 11, 30)
INSTANCE = 'module.object_store.aws_s3_bucket.this["scratch"]'


def line(at: str, until: str = "2026-12-15", kind: str = "destroys-data") -> SpecLine:
    place = Place("groundplan.yaml", 50, 5)
    return SpecLine("drop", Allowance(kind, at), date.fromisoformat(until), "moved", place)


def test_every_class_of_a_change_is_a_class_of_words_on_the_command_line_and_in_the_spec() -> None:
    kinds = [kind.value for kind in Kind]
    assert list(CHANGES) == kinds
    assert list(Allowed.model_fields["kind"].annotation.__args__) == kinds  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "what",
    [
        "",
        "storage",
        "storage.buckets",
        "storage.buckets.scratch",
        "module.object_store",
        "module.object_store.aws_s3_bucket.this",
        INSTANCE,
        f"10-foundation/{INSTANCE}",
        "10-foundation/module.object_store",
    ],
)
def test_a_word_covers_what_is_at_or_below_it(what: str) -> None:
    assert covers(Allowance("destroys-data", what), BUCKET)


@pytest.mark.parametrize(
    "what",
    [
        "module",
        "mod",
        "*",
        "module.object",
        "module.object_store.aws_s3_bucket",
        "module.object_store.aws_s3_bucket.this[0]",
        'module.object_store.aws_s3_bucket.this["scratch"].x',
        "20-platform/module.object_store",
        "10-foundation",
        "10-foundation/",
        "storage.bucket",
        "storage.buckets.scratch.size_gib",
        "storage.buckets.scratch2",
    ],
)
def test_a_word_covers_nothing_beside_it(what: str) -> None:
    assert not covers(Allowance("destroys-data", what), BUCKET)


def test_a_word_of_another_class_covers_nothing() -> None:
    assert not covers(Allowance("replaces", "storage.buckets.scratch"), BUCKET)
    assert covers(Allowance("replaces", "training.pools.finetune"), POOL)


def test_the_word_that_is_asked_for_lets_the_entry_pass() -> None:
    assert str(word(BUCKET)) == "destroys-data:storage.buckets.scratch"
    assert str(word(DATABASE)) == f"destroys-data:{DATABASE.address}", "two keys lead to it"
    words = allowances(str(word(entry)) for entry in sample().stopped)
    change = allowed(sample(), words, (), TODAY)
    assert not change.stopped and not change.diagnostics
    assert change.entries[0].allowed_by == "--allow destroys-data:storage.buckets.scratch"


def test_a_path_covers_what_several_keys_lead_to_only_with_all_of_them() -> None:
    assert not covers(Allowance("destroys-data", "tracking.mlflow.database.storage_gib"), DATABASE)
    assert covers(Allowance("destroys-data", "tracking.mlflow.database"), DATABASE)
    elsewhere = replace(DATABASE, edits=(*DATABASE.edits, *BUCKET.edits))
    assert not covers(Allowance("destroys-data", "tracking.mlflow"), elsewhere)
    assert covers(Allowance("destroys-data", DATABASE.address), elsewhere)


def test_what_one_key_leads_to_with_others_is_asked_for_by_its_address() -> None:
    both = (BUCKET, replace(DATABASE, edits=BUCKET.edits))
    assert [str(word(one, both)) for one in both] == [f"destroys-data:{one.address}" for one in both]


def test_a_key_that_leads_to_another_one_only_with_more_keys_is_a_word_for_one_alone() -> None:
    both = (BUCKET, replace(DATABASE, edits=(*BUCKET.edits, *DATABASE.edits)))
    assert str(word(BUCKET, both)) == "destroys-data:storage.buckets.scratch"


def test_several_keys_of_one_named_block_are_asked_for_by_it() -> None:
    edits = tuple(replace(BUCKET.edits[0], path=f"storage.buckets.raw.{key}") for key in ("versioning", "retention"))
    raw = replace(BUCKET, edits=edits)
    assert str(word(raw, [raw])) == "destroys-data:storage.buckets.raw"
    more = replace(raw, address="module.x.aws_s3_bucket.y", edits=edits[:1])
    assert str(word(raw, [raw, more])) == f"destroys-data:{raw.address}"


def test_a_root_that_could_not_be_rehearsed_is_named_by_itself() -> None:
    root = Entry(Kind.UNKNOWN, "root 20-platform could not be rehearsed", root="20-platform")
    assert str(word(root)) == "unknown:20-platform"
    assert covers(word(root), root) and not covers(Allowance("unknown", "10-foundation"), root)


def test_a_class_alone_lets_all_of_it_pass_and_nothing_else() -> None:
    change = allowed(sample(), allowances(["destroys-data"]), (), TODAY)
    assert [entry.allowed_by for entry in change.entries if entry.allowed_by] == ["--allow destroys-data"] * 2


def test_a_word_that_allows_nothing_is_an_error_that_lists_what_there_is() -> None:
    words = allowances(["destroys-data:storage.buckets.scratsh", "public-range:50.0.0.0/8"])
    change = allowed(sample(), words, (), TODAY)
    [found] = change.diagnostics
    assert (found.code, found.severity) == ("GP207", Severity.ERROR)
    assert found.message == "--allow destroys-data:storage.buckets.scratsh allows nothing that is here"
    assert found.hint is not None and "destroys-data:storage.buckets.scratch" in found.hint
    assert len(change.stopped) == 2


@pytest.mark.parametrize("until", ["2026-11-30", "2026-12-15", "2027-02-28"])
def test_a_line_of_the_spec_holds_until_its_day(until: str) -> None:
    change = allowed(sample(), (), [line("storage.buckets.scratch", until)], TODAY)
    assert change.entries[0].allowed_by == f"changes.allow.drop (groundplan.yaml:50) until {until}: moved"
    assert change.stopped == [DATABASE] and not change.diagnostics


@pytest.mark.parametrize(
    ("until", "words"), [("2026-11-29", "ended on 2026-11-29"), ("2027-03-01", "more than 90 days ahead")]
)
def test_a_line_that_is_over_or_reaches_too_far_allows_nothing(until: str, words: str) -> None:
    change = allowed(sample(), (), [line("storage.buckets.scratch", until)], TODAY)
    assert change.stopped == [BUCKET, DATABASE]
    [found] = change.diagnostics
    assert (found.code, found.severity, found.path) == ("GP735", Severity.WARNING, "changes.allow.drop")
    assert words in found.message


def test_a_line_that_allows_nothing_is_a_warning() -> None:
    change = allowed(sample(), (), [line("storage.buckets.other")], TODAY)
    assert [(found.code, found.severity) for found in change.diagnostics] == [("GP736", Severity.WARNING)]


def test_a_line_needs_a_place_and_covers_no_class_as_a_whole() -> None:
    assert "at" in [name for name, field in Allowed.model_fields.items() if field.is_required()]


def test_lines_are_read_with_their_places(repository: Path) -> None:
    path = repository / "tests/specs/valid/full.yaml"
    document = load(path)
    first, second = spec_lines(parse(document), document)
    assert (first.name, str(first.allowance)) == ("drop-scratch", "destroys-data:storage.buckets.scratch")
    assert first.place is not None and second.place is not None
    assert path.read_text("utf-8").splitlines()[first.place.line - 1].lstrip().startswith("drop-scratch")
    assert second.until == date(2026, 12, 31)


def test_what_is_allowed_already_stays_so() -> None:
    once = allowed(sample(), allowances(["destroys-data"]), (), TODAY)
    assert allowed(replace(once, diagnostics=()), (), (), TODAY).entries == once.entries
