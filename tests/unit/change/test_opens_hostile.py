"""Plans come with a pull request: whatever stands in them is an opening or none, within bounds, and never an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan.change.access import compare
from groundplan.change.access.atoms import source
from groundplan.change.access.globs import covers, overlap
from groundplan.change.opens import MOST_CHARACTERS, MOST_SHOWN, READERS, opened, openings
from tests.unit.change.test_opens import CASES, Case, allow, change, may, rule

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
SPOILS = (None, {}, "{0}", -1, [None], [[]], [{"a": 1}], True)
DOCUMENT = st.fixed_dictionaries(
    {},
    optional={
        key: VALUES | st.sampled_from(["*", "Allow", "Deny", {"AWS": "*"}, {"StringLike": {"a:b": ["*"]}}])
        for key in (
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Principal",
            "NotPrincipal",
            "Condition",
        )
    },
)


def spoiled(value: Any, spoil: Any) -> Iterator[Any]:
    """The value with each of its parts in turn replaced."""
    yield spoil
    if isinstance(value, dict):
        for key in value:
            yield from ({**value, key: one} for one in spoiled(value[key], spoil))
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in spoiled(one, spoil))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_any_part_may_be_something_else(case: Case) -> None:
    type_name, before, after, expected = case
    found = [
        opened(type_name, "a", before, values)
        for spoil in SPOILS
        for values in spoiled(dict(after or before or {}), spoil)
    ]
    assert all(one.what for some in found for one in some)
    assert any(found) or not expected, "an opening is not seen any more whatever else is spoiled"


@given(st.lists(DOCUMENT | VALUES, max_size=3), st.lists(DOCUMENT, max_size=3))
@settings(max_examples=80, deadline=None)
def test_any_policy_document(before: list[Any], after: list[Any]) -> None:
    for type_name, key in (("aws_iam_role", "assume_role_policy"), ("aws_s3_bucket_policy", "policy")):
        sides = [{"name": "a", "bucket": "a", key: json.dumps({"Statement": one})} for one in (before, after)]
        assert all(one.what and one.path for one in opened(type_name, "a", *sides))
        assert not [one for one in opened(type_name, "a", sides[1], sides[1]) if not one.unknown]


@given(st.sampled_from(sorted(READERS)), VALUES, VALUES)
@settings(max_examples=150, deadline=None)
def test_any_values_of_any_type(type_name: str, before: Any, after: Any) -> None:
    assert all(one.what for one in opened(type_name, "a", before, after))
    assert not [one for one in opened(type_name, "a", after, after) if not one.unknown]


GLOBS = st.text("ab*?", max_size=8)


@given(GLOBS, GLOBS, st.text("ab", max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_pattern_within_another_stands_for_no_other_text(outer: str, inner: str, text: str) -> None:
    if covers(outer, inner) and covers(inner, text):
        assert covers(outer, text)
    if covers(outer, text) and covers(inner, text):
        assert overlap(outer, inner)


def test_many_statements_end() -> None:
    many = [allow(f"s3:Get{number}", f"arn:aws:s3:::b-{number}/*") for number in range(600)]
    others = [allow(f"s3:Put{number}", f"arn:aws:s3:::b-{number}/*") for number in range(600)]
    found = opened("aws_iam_role_policy", "a", may(*many), may(*others))
    assert any(one.unknown for one in found)
    assert all(len(one.what) < MOST_CHARACTERS * (MOST_SHOWN + 1) * 3 for one in found)


def test_many_resources_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.change.opens.MOST_ACCESSES", 50)
    plan = [change(f'aws_vpc_security_group_ingress_rule.r["{n}"]', None, rule(f"10.0.{n}.0/24")) for n in range(60)]
    there = change("aws_security_group.g", {"id": "sg-1"}, {"id": "sg-1"})
    assert [one.unknown for one in openings([there, *plan])].count(True) == 1


def test_a_range_is_cut_into_few_parts() -> None:
    whole, *parts = (source(text) for text in ("::/0", *(f"2001:db8:{number:x}::/48" for number in range(600))))
    assert list(whole.split(parts)) == [whole]


def test_the_budget_is_for_all_of_a_root() -> None:
    budget = compare.Budget(10)
    budget.spend(8)
    with pytest.raises(compare.TooMuchError):
        budget.spend(3)
