"""That the judge of the table finds fault with what is not as a row has it."""

from __future__ import annotations

import pytest

from groundplan.change.model import Change, Kind
from tests.changes.judged import wrong
from tests.changes.rows import Expected, Row
from tests.unit.change.plans_of import change, plan, resource

ROOT = "10-foundation"
CALLS = {ROOT: {"pool_a": ("node_pool", "training.pools.a"), "pool_b": ("node_pool", "training.pools.b")}}


def replaced(*pools: str) -> Change:
    """Pools that are replaced, each by an edit of it."""
    groups = [
        resource(f"module.pool_{pool}.aws_eks_node_group.this", "replace", {"node_group_name": pool}) for pool in pools
    ]
    before, after = ({"training": {"pools": {pool: {"vcpus": n} for pool in pools}}} for n in (4, 8))
    return change(plan(ROOT, *groups), calls=CALLS, before=before, after=after)


def row(pool: str = "a", *spares: str) -> Row:
    values = {f"training.pools.{pool}.vcpus": 8}
    expected = Expected((("replaces",),))
    return Row(f"of {pool}", "aws", "full", values, {}, False, False, spares, (), expected, None)


def judged(made: Change, *expected: tuple[Row, Expected]) -> list[str]:
    return list(wrong(made, expected))


def test_what_is_as_the_rows_have_it_is_not_wrong() -> None:
    both = [(one, one.there) for one in (row("a"), row("b"))]
    assert judged(replaced("a", "b"), *both) == []


@pytest.mark.parametrize("kind", [kind.value for kind in Kind if kind is not Kind.REPLACES])
def test_a_class_that_is_not_there_is_missed(kind: str) -> None:
    assert judged(replaced("a"), (row(), Expected((("replaces",), (kind,))))) == [f"of a: no {kind}"]


def test_a_class_that_the_row_does_not_have_is_wrong() -> None:
    [found] = judged(replaced("a"), (row(), Expected(may=frozenset({"interrupts"}))))
    assert found.startswith("training.pools.a.vcpus: replaces, ")


def test_what_another_row_may_give_is_wrong_where_its_edit_does_not_lead() -> None:
    [found] = judged(replaced("a", "b"), (row("a"), row().there), (row("b"), Expected()))
    assert found.startswith("training.pools.b.vcpus: replaces, ")


def test_what_a_row_spares_is_not_lost() -> None:
    [found] = judged(replaced("a"), (row("a", "module.pool_a"), row().there))
    assert found.startswith("of a: replaces, ")
