"""Drift as text, Markdown and JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from groundplan.app.live.drift import EnvironmentDrift, Looked
from groundplan.change.drift.model import Drifted, Fate, RootDrift, Value
from groundplan.change.model import Entry, Kind
from groundplan.diagnostics import Diagnostic, Place
from groundplan.live.cloud import StateLock
from groundplan.views.live import drift as view

OPENED = Entry(Kind.OPENS, "firewall rule web lets in 0.0.0.0/0", reason="before: 10.0.0.0/8")
RULE = Drifted(
    Fate.UNDONE,
    "10-foundation",
    "module.network.google_compute_firewall.web[0]",
    "google_compute_firewall",
    "firewall rule web",
    "network",
    "network",
    Place("out/groundplan.yaml", 8),
    (Value("source_ranges", '["10.0.0.0/8"]', '["0.0.0.0/0"]', '["10.0.0.0/8"]', undone=True),),
    (OPENED,),
)
GONE = replace(
    RULE, fate=Fate.REMOVED, values=(), outside=(), again=True, what="bucket models", component="object_store"
)
KNOWN = replace(RULE, what="node pool a", outside=(), ignored_by=("drift.ignore.a until 2026-12-31: known",))
HOLDER = StateLock("1", "ci@runner", "OperationTypeApply", datetime(2026, 11, 30, tzinfo=UTC), "")


def found(*drifted: Drifted, pending: tuple[str, ...] = ()) -> EnvironmentDrift:
    looked = Looked("10-foundation", RootDrift("10-foundation", drifted, pending), lock=HOLDER)
    return EnvironmentDrift("acme", "123", "me", [looked, Looked("20-platform", not_applied=True)])


def test_the_text_has_every_value_the_line_of_the_spec_and_the_counts() -> None:
    text = view.text(found(GONE, RULE, KNOWN, pending=("module.a.b.c",)), color=False)
    assert 'source_ranges: ["10.0.0.0/8"] -> ["0.0.0.0/0"] -> ["10.0.0.0/8"]' in text
    assert "module.network.google_compute_firewall.web[0], network (out/groundplan.yaml:8)" in text
    assert "outside  opens: firewall rule web lets in 0.0.0.0/0; before: 10.0.0.0/8" in text
    assert "by       drift.ignore.a until 2026-12-31: known" in text
    assert "drift: 1 removed, 1 undone, 1 ignored, 1 pending, 1 root not applied" in text
    assert "`groundplan plan` shows it" in text
    assert "ci@runner" in text


def test_the_json_counts_by_kind_component_and_class() -> None:
    counts = view.as_json(found(GONE, RULE, KNOWN, pending=("module.a.b.c",)))["counts"]
    assert counts == {
        "total": 2,
        "ignored": 1,
        "pending": 1,
        "roots_not_applied": 1,
        "by_kind": {"removed": 1, "undone": 1},
        "by_component": {"object_store": 1, "network": 1},
        "by_class": {"opens": 1},
    }


def test_nothing_found_is_one_word() -> None:
    assert view.counted(EnvironmentDrift("acme", "123", "me", [])) == "drift: none"


def test_what_others_have_written_controls_no_terminal_and_no_page() -> None:
    nasty = "\x1b[2J<script>alert(1)</script>\r\n| a | b |"
    value = Value(nasty, nasty, nasty, nasty)
    entry = Entry(Kind.OPENS, nasty, reason=nasty)
    one = replace(RULE, what=nasty, address=nasty, values=(value,), outside=(entry,), parts=(nasty,))
    told = found(one, replace(one, ignored_by=(nasty,)))
    for text in (view.text(told, color=False), view.markdown(told)):
        assert "\x1b" not in text
        assert "\r" not in text
    assert "<script>" not in view.markdown(told)


def test_a_root_that_could_not_be_looked_at_is_told_apart_from_one_without_drift() -> None:
    failed = Looked("10-foundation", diagnostics=(Diagnostic("GP922", "no credentials"),))
    told = EnvironmentDrift("acme", "123", "me", [failed, Looked("20-platform", after="10-foundation")])
    text = view.text(told, color=False)
    assert "could not be looked at" in text
    assert "after 10-foundation" in text
    assert [one.code for one in told.diagnostics] == ["GP922"]
