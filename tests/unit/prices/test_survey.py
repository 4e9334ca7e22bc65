"""Asking many questions: a few at a time, each answer kept, and what several answers come to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier, Event

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import Answer, FreshPrice, Kind, Question, RefusedError, Unmapped, Wanted
from groundplan.prices.survey import AT_ONCE, PATIENCE, Forgotten, settle, survey
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
REGION = "eu-central-1"
ITEMS = frozenset[Kind]({"items"})
WANTED = Wanted(AWS.catalog, {"keys.key": "key_month"}, (REGION,), NOW, ("items",))
PRICE = FreshPrice(REGION, "keys.key", "list", "key_month", "list", Decimal(1), sku="A")


def question(title: str, ask: Callable[[], Answer] = Answer, only: frozenset[str] | None = None) -> Question:
    return Question(title, REGION, ITEMS, ask, only)


def raising(error: BaseException) -> Callable[[], Answer]:
    def ask() -> Answer:
        raise error

    return ask


class Kept(Forgotten):
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers

    def keep(self, title: str, answer: Answer) -> None:
        self.answers[title] = answer


def settled(*prices: FreshPrice, wanted: Wanted = WANTED) -> tuple[list[FreshPrice], list[Unmapped]]:
    fresh = settle([Answer((price,)) for price in prices], wanted, lambda _, item: f"no {item}")
    return list(fresh.prices), list(fresh.unmapped)


def test_answers_come_in_the_order_of_the_questions_and_a_refusal_ends_nothing() -> None:
    told: list[str] = []
    found = [question(str(n), lambda n=n: Answer((replace(PRICE, usd=Decimal(n)),))) for n in range(1, 9)]
    asked = [*found, question("no", raising(RefusedError("not allowed", "allow it")))]
    answers, refused, unanswered = survey(asked, Forgotten(), told.append)
    assert [answer.prices[0].usd for answer in answers] == list(range(1, 9))
    assert [(one.question, one.reason, one.hint) for one in refused] == [("no", "not allowed", "allow it")]
    assert unanswered == asked[-1:]
    assert sorted(told) == sorted(one.title for one in asked)


def test_a_few_are_asked_at_a_time_and_never_more() -> None:
    together = Barrier(AT_ONCE, timeout=30)

    def ask() -> Answer:
        together.wait()
        return Answer()

    answers, _, _ = survey([question(str(n), ask) for n in range(2 * AT_ONCE)], Forgotten())
    assert len(answers) == 2 * AT_ONCE
    assert together.n_waiting == 0


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
@pytest.mark.parametrize("error", [UnreachableError("expired", "log in"), DiagnosticsError([])])
def test_what_ends_a_survey_leaves_what_was_answered(error: BaseException, at_once: int) -> None:
    kept = Kept({})
    asked = [question("first", lambda: Answer((PRICE,))), question("expired", raising(error))]
    with pytest.raises(type(error)):
        survey(asked, kept, at_once=1)
    assert list(kept.answers) == ["first"]


def test_what_was_answered_is_not_asked_again() -> None:
    kept = Kept({"first": Answer((PRICE,)), "of another survey": Answer()})
    answers, _, _ = survey([question("first", raising(AssertionError())), question("second")], kept)
    assert answers == [Answer((PRICE,)), Answer()]


def test_an_interrupt_does_not_wait_for_questions_under_way() -> None:
    begun, never = Event(), Event()

    def slow() -> Answer:
        begun.set()
        never.wait(60)
        return Answer()

    def told(_: str) -> None:
        begun.wait(60)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        survey([question("slow", slow), question("quick")], Forgotten(), told)
    assert not never.is_set()
    never.set()


def test_a_defect_of_a_question_is_raised_where_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr("threading.excepthook", printed.append)
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError):
        survey([question("defect", raising(ZeroDivisionError()))], Forgotten())
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert {hook.exc_type for hook in printed} <= {SystemExit}  # of which the hook says nothing


def test_a_cloud_that_is_out_of_reach_is_not_asked_everything() -> None:
    asked: list[int] = []

    def unanswered(number: int) -> Callable[[], Answer]:
        def ask() -> Answer:
            asked.append(number)
            raise RefusedError("no route to host", "check the network", passing=True)

        return ask

    with pytest.raises(UnreachableError, match="no route to host"):
        survey([question(str(n), unanswered(n)) for n in range(100)], Forgotten(), at_once=1)
    assert len(asked) == PATIENCE
    first = question("first", lambda: Answer((PRICE,)))
    others = [question(str(n), unanswered(n)) for n in range(20)]
    assert len(survey([first, *others], Forgotten(), at_once=1)[1]) == 20


def test_the_same_price_of_two_products_is_one_price() -> None:
    assert settled(PRICE, replace(PRICE, sku="B")) == ([PRICE], [])


def test_of_different_prices_none_counts_and_all_are_named() -> None:
    prices, (doubt,) = settled(PRICE, replace(PRICE, sku="B", usd=Decimal("1.5")))
    assert prices == []
    assert doubt.ambiguous
    assert doubt.reason == "2 products state different list prices: $1 (A), $1.5 (B)"
    assert (doubt.item, doubt.region) == ("keys.key", REGION)


def test_tiers_of_one_product_are_no_contradiction_but_those_of_two_may_be() -> None:
    second = replace(PRICE, usd=Decimal("0.5"), tier_from=100)
    assert settled(PRICE, second)[0] == [PRICE, second]
    other = [replace(PRICE, sku="B"), replace(second, sku="B", tier_from=200)]
    prices, doubts = settled(PRICE, second, *other)
    assert prices == []
    assert [doubt.ambiguous for doubt in doubts] == [True]


def test_of_two_ways_to_commit_to_a_term_the_first_counts() -> None:
    reserved = FreshPrice(REGION, "g6.xlarge", "commit_1y", "hour", "RI", Decimal("0.7"), payment="none")
    plans = [
        replace(reserved, source="plan", usd=Decimal("0.6"), rank=1),
        replace(reserved, source="plan", payment="all", usd=Decimal(0), upfront_usd=Decimal(9), rank=1),
        replace(reserved, source="plan", option="commit_3y", rank=1),
    ]
    assert [(price.source, price.option) for price in settled(reserved, *plans)[0]] == [
        ("RI", "commit_1y"),
        ("plan", "commit_3y"),
    ]


def test_what_is_silent_is_explained_unless_its_question_was_refused() -> None:
    assert [one.reason for one in settled()[1]] == ["no keys.key"]
    refused = question("keys", only=frozenset({"keys.key"}))
    fresh = settle([], WANTED, lambda _, item: item, (), [refused])
    assert fresh.unmapped == ()
    everything = replace(WANTED, kinds=("on_demand",), patterns=("g6.xlarge",))
    assert [one.item for one in settled(wanted=everything)[1]] == ["g6.xlarge"]
