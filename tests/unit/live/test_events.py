"""Lines of Terraform as events, whatever they hold."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from groundplan.diagnostics import Place
from groundplan.live.events import TEXT, Event, event_of, quoted_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ('an existing object to "aws_vpc.a", the provider', ["aws_vpc.a"]),
        (r'of "x" to "module.a.aws_subnet.b[\"us-\u00e4\"]"', ['module.a.aws_subnet.b["us-ä"]']),
        (r'"data.a.b[\"c\\d\"]" and "module.b.c"', [r'data.a.b["c\d"]', "module.b.c"]),
        (r'"module.a[\"\q\"]" and "module.b.c"', ["module.b.c"]),
        ('no "module.end', []),
        ("", []),
    ],
)
def test_addresses_that_a_message_quotes(text: str, addresses: list[str]) -> None:
    assert list(quoted_addresses(text)) == addresses


def test_a_change_that_ended() -> None:
    hook = {"resource": {"addr": "aws_s3_bucket.data"}, "action": "create", "elapsed_seconds": 3}
    line = json.dumps({"@message": "aws_s3_bucket.data: Creation complete", "type": "apply_complete", "hook": hook})
    assert event_of("10-foundation", line) == Event(
        "10-foundation", "apply_complete", "aws_s3_bucket.data", "create", 3.0, "aws_s3_bucket.data: Creation complete"
    )


def test_an_error_has_its_place_and_its_address() -> None:
    where = {"filename": "main.tf", "start": {"line": 7}}
    told = {"severity": "error", "summary": "No", "detail": "Because.", "address": "a.b", "range": where}
    event = event_of("00-state", json.dumps({"type": "diagnostic", "diagnostic": told}))
    assert event is not None and event.problem is not None
    assert (event.address, event.text) == ("a.b", "Error: No\nBecause.")
    assert event.problem.place == Place("00-state/main.tf", 7)


@pytest.mark.parametrize(
    "line", ["panic: runtime error", "{", "[]", '{"type": 1}', "{" * 5000, '{"a":' * sys.getrecursionlimit()]
)
def test_what_is_no_event_is_text(line: str) -> None:
    event = event_of("r", line)
    assert event is not None
    assert (event.kind, event.text) == (TEXT, line)


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {"resource": 1}, {"resource": {"addr": 1}}, {"range": []}])
def test_wrong_types_are_left_out(wrong: object) -> None:
    event = event_of("r", json.dumps({"type": "t", "hook": wrong, "change": wrong, "diagnostic": wrong, "@message": 1}))
    assert event is not None
    assert replace(event, text="", problem=None) == Event("r", "t")


def test_an_empty_line_is_nothing() -> None:
    assert event_of("r", "  ") is None
