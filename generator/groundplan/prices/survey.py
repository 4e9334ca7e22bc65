"""Asking a cloud many questions: a few at a time, each answer kept as soon as it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Protocol, TypeAlias

from groundplan.diagnostics import DiagnosticsError
from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import Answer, Fresh, FreshPrice, Question, Refusal, RefusedError, Unmapped, Wanted

AT_ONCE = 4
"""Questions that a cloud is asked at a time: the Price List allows about ten calls a second."""
PATIENCE = 8
"""So many questions a cloud may be too busy for, or out of reach, before any is answered: then no more is asked."""
MOST_NAMED = 4
"""Differing prices of one thing that are named."""
Key: TypeAlias = tuple[str, str, str, str]
"""Region, item, purchase option and payment."""


class Kept(Protocol):
    """Answers of a survey that was cut short, and where further ones go."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What is answered already, by the title of the question."""

    def keep(self, title: str, answer: Answer) -> None:
        """Puts an answer where an interrupt cannot reach it."""


class Forgotten:
    """Keeps nothing."""

    answers: Mapping[str, Answer] = {}

    def keep(self, title: str, answer: Answer) -> None:
        """Does nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: one of the three."""

    question: Question
    answer: Answer | None = None
    refused: RefusedError | None = None
    failed: BaseException | None = None


def survey(
    questions: Sequence[Question],
    kept: Kept,
    told: Callable[[str], None] = lambda _: None,
    at_once: int | None = None,
) -> tuple[list[Answer], list[Refusal], list[Question]]:
    """The answers in the order of the questions, and what was refused.

    `told` is called with the title of each question that is done. Raises what a question raises, save RefusedError;
    what was answered until then is kept, and questions under way are abandoned.
    """
    answers = dict(kept.answers)
    refused: list[tuple[Question, Refusal]] = []
    open_questions = [question for question in questions if question.title not in answers]
    for outcome in _outcomes(open_questions, at_once or AT_ONCE):
        if outcome.failed is not None:
            raise outcome.failed
        if outcome.answer is not None:
            kept.keep(outcome.question.title, outcome.answer)
            answers[outcome.question.title] = outcome.answer
        elif outcome.refused is not None:
            refused.append((outcome.question, _refusal(outcome.question, outcome.refused)))
            _give_up(answers, [refusal for _, refusal in refused])
        told(outcome.question.title)
    found = [answers[question.title] for question in questions if question.title in answers]
    refused.sort(key=lambda pair: questions.index(pair[0]))
    return found, [refusal for _, refusal in refused], [question for question, _ in refused]


def _give_up(answers: Mapping[str, Answer], refused: Sequence[Refusal]) -> None:
    """Raises UnreachableError where a cloud has not answered anything, and may not for a long time."""
    if not answers and len(refused) >= PATIENCE and all(refusal.passing for refusal in refused):
        last = refused[-1]
        raise UnreachableError(f"{last.question}: {last.reason}", last.hint)


def _outcomes(questions: Sequence[Question], at_once: int) -> Iterator[Outcome]:
    """What became of each question, as they end.

    The threads are daemons: an interrupt does not wait for a cloud that takes its time.
    """
    if at_once == 1:
        yield from map(_outcome, questions)
        return
    waiting: SimpleQueue[Question] = SimpleQueue()
    done: SimpleQueue[Outcome] = SimpleQueue()
    stop = Event()
    for question in questions:
        waiting.put(question)
    try:
        for _ in range(min(at_once, len(questions))):
            Thread(target=_work, args=(waiting, done, stop), daemon=True).start()
        for _ in questions:
            outcome = done.get()
            if outcome.failed is not None:
                stop.set()
                yield from _ready(done)
            yield outcome
    finally:
        stop.set()


def _ready(done: SimpleQueue[Outcome]) -> Iterator[Outcome]:
    """What has been answered while nobody looked."""
    with suppress(Empty):
        while True:
            outcome = done.get_nowait()
            if outcome.failed is None:
                yield outcome


def _work(waiting: SimpleQueue[Question], done: SimpleQueue[Outcome], stop: Event) -> None:
    """Asks one question after the other, until there are none or it is told to stop."""
    with suppress(Empty):
        while not stop.is_set():
            question = waiting.get_nowait()
            try:
                done.put(_outcome(question))
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                done.put(Outcome(question, failed=error))
                raise SystemExit from None  # ends the thread without a traceback


def _outcome(question: Question) -> Outcome:
    try:
        return Outcome(question, answer=question.ask())
    except RefusedError as refused:
        return Outcome(question, refused=refused)
    except (UnreachableError, DiagnosticsError) as error:
        return Outcome(question, failed=error)


def _refusal(question: Question, error: RefusedError) -> Refusal:
    return Refusal(question.title, str(error), error.hint, error.passing)


def settle(
    answers: Iterable[Answer],
    wanted: Wanted,
    explain: Callable[[Wanted, str], str],
    refusals: Sequence[Refusal] = (),
    unanswered: Sequence[Question] = (),
) -> Fresh:
    """Every price once, and what has none: of what is stated differently none counts, rather than a wrong one."""
    answers = list(answers)
    prices, doubtful = _one_of_each(price for answer in answers for price in answer.prices)
    said = [*doubtful, *(one for answer in answers for one in answer.unmapped)]
    silent = _silent(prices, said, wanted, explain, unanswered)
    return Fresh(tuple(prices), (*said, *silent), tuple(refusals), tuple(unanswered))


def _one_of_each(prices: Iterable[FreshPrice]) -> tuple[list[FreshPrice], list[Unmapped]]:
    by_key: dict[Key, list[FreshPrice]] = defaultdict(list)
    least: dict[tuple[str, str, str], int] = {}
    for price in prices:
        by_key[price.region, price.item, price.option, price.payment or ""].append(price)
        term = (price.region, price.item, price.option)
        least[term] = min(price.rank, least.get(term, price.rank))
    kept: list[FreshPrice] = []
    doubtful: list[Unmapped] = []
    for key, found in by_key.items():
        first = [price for price in found if price.rank == least[key[:3]]]
        offers = _offers(first)
        if len(offers) > 1:
            reason = f"{len(offers)} products state different {key[2]} prices: {_named(offers)}"
            doubtful.append(Unmapped(key[1], reason, key[0], ambiguous=True))
        elif offers:
            kept += next(iter(offers.values()))
    return kept, doubtful


def _offers(prices: Sequence[FreshPrice]) -> dict[object, list[FreshPrice]]:
    """The prices, tier by tier, of each thing that states them; those that state the same, once."""
    by_sku: dict[str, dict[int, FreshPrice]] = defaultdict(dict)
    clashes = 0
    for price in prices:
        other = by_sku[price.sku].setdefault(price.tier_from, price)
        if _amounts(other) != _amounts(price):
            clashes += 1
            by_sku[f"{price.sku} ({clashes + 1})"][price.tier_from] = price
    offers: dict[object, list[FreshPrice]] = {}
    for tiers in by_sku.values():
        ordered = [tiers[start] for start in sorted(tiers)]
        offers.setdefault(tuple(map(_amounts, ordered)), ordered)
    return offers


def _amounts(price: FreshPrice) -> tuple[object, ...]:
    return price.tier_from, price.usd, price.usd_low, price.usd_high, price.upfront_usd


def _named(offers: Mapping[object, Sequence[FreshPrice]]) -> str:
    firsts = [tiers[0] for tiers in offers.values()]
    words = [f"${price.usd.normalize():f}" + (f" ({price.sku})" if price.sku else "") for price in firsts[:MOST_NAMED]]
    return ", ".join(words) + (", …" if len(firsts) > MOST_NAMED else "")


def _silent(
    prices: Iterable[FreshPrice],
    said: Iterable[Unmapped],
    wanted: Wanted,
    explain: Callable[[Wanted, str], str],
    unanswered: Collection[Question],
) -> Iterator[Unmapped]:
    """Machines of a region and items without a price, of which nothing was said."""
    listed = {(price.region, price.item) for price in prices if price.option in ("on_demand", "list")}
    told = {(one.region, one.item) for one in said}
    known = {item for _, item in listed} | {one.item for one in said}
    for region in wanted.regions if "on_demand" in wanted.kinds else ():
        if any(question.covers(region, "", "on_demand") for question in unanswered):
            continue
        for machine in wanted.machines(region):
            if (region, machine.name) not in listed | told:
                yield Unmapped(machine.name, "the list has no on-demand price of it", region)
    for item in wanted.items:
        refused = any(question.covers(region, item, "list") for question in unanswered for region in wanted.regions)
        if item not in known and not refused:
            yield Unmapped(item, explain(wanted, item))
