"""An environment to ask: who its subjects are, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from groundplan.access.engine import Taken
from groundplan.access.engines import engines
from groundplan.access.given import symbols
from groundplan.access.model import Answer, Given, Verdict, Wanted, widest
from groundplan.access.questions import Named, asked_about, check_form, meant, nothing, tables
from groundplan.access.tokens import EVENTS, Token, tokens
from groundplan.components.ci.part import Pipeline
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean, shortened

ANYBODY = "anybody"
"""Who needs no identity."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, and what they can be."""

    word: str
    """As it was asked for: `pr`, `pod:api`."""
    system: str = ""
    """Of the pipeline; empty for whoever is none of its jobs."""
    taken: tuple[Taken, ...] = ()
    """Every identity that was considered, the ones they get first."""
    why: str = ""
    """Why they get none."""

    @property
    def shown(self) -> str:
        """`pr (github)`."""
        return f"{self.word} ({self.system})" if self.system else self.word

    @property
    def names(self) -> tuple[str, ...]:
        """Identities that they get, perhaps under a condition."""
        return tuple(one.name for one in self.gets)

    @property
    def gets(self) -> tuple[Taken, ...]:
        """The same with how they get them."""
        return tuple(one for one in self.taken if one.verdict.rank < Verdict.DENIED.rank)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody may do, and as whom."""

    subject: Subject
    action: str
    resource: str
    identity: str
    """The one that allows most; empty where they have none."""
    answer: Answer

    @property
    def may(self) -> bool:
        """Whether they may, perhaps under a condition."""
        return self.certain or self.answer.verdict is Verdict.DEPENDS

    @property
    def certain(self) -> bool:
        """Whether they may, whatever else is the case."""
        return self.answer.verdict is Verdict.ALLOWED


class World:
    """The environment's identities, on whichever clouds they are."""

    def __init__(self, resources: Sequence[Given], pipeline: Pipeline | None = None, environment: str = "") -> None:
        self._engines = engines(resources)
        self._symbols = symbols(resources)
        self._pipeline = pipeline
        self._environment = environment

    @property
    def words(self) -> tuple[str, ...]:
        """Everybody there is."""
        people = (word for engine in self._engines for word in engine.people())
        return (*(EVENTS if self._pipeline else ()), *dict.fromkeys(people))

    def subjects(self, word: str) -> tuple[Subject, ...]:
        """Whom a word means, once for each system of the pipeline; raises GP207 for a word that means nobody."""
        if is_job(word):
            if self._pipeline is None:
                raise DiagnosticsError([no_pipeline(word)])
            return tuple(self._jobs(self._pipeline, word))
        taken = _once(replace(one, cloud=engine.cloud) for engine in self._engines for one in engine.named(word))
        if not taken:
            raise DiagnosticsError([nobody(word, self.words)])
        return (Subject(word, taken=taken),)

    def _jobs(self, pipeline: Pipeline, word: str) -> Iterator[Subject]:
        """By system: a job gets a token for each cloud."""
        by_system: dict[str, list[tuple[Token, tuple[Taken, ...]]]] = {}
        for engine in self._engines:
            for token in tokens(pipeline, self._environment, word, engine.audience):
                taken = tuple(replace(one, cloud=engine.cloud) for one in engine.takes(token.claims))
                by_system.setdefault(token.system, []).append((token, taken))
        for system, found in by_system.items():
            first, _ = found[0]
            yield Subject(first.event, system, _sorted(one for _, taken in found for one in taken), first.why)

    def ask(self, subject: Subject, action: str, reference: str) -> Reply:
        """Whether somebody may do something; raises GP207 for an action or a resource that is none here."""
        named = meant(action, self._engines)
        reference = asked_about(action, reference, self._engines)
        asked = list(dict.fromkeys(engine for engine, _ in named))
        check_form(reference, asked)
        if not any(engine.resources(reference) for engine in asked):
            raise DiagnosticsError([nothing(reference, asked, _names(reference, named))])
        return self._asked(subject, named, reference)

    def _asked(self, subject: Subject, named: Named, reference: str) -> Reply:
        answers = [
            (taken.name, self._through(taken, self._symbolic(engine.may(taken.name, Wanted(action, one)))))
            for engine, action in named
            for taken in subject.gets
            if engine.cloud in ("", taken.cloud)
            for one in engine.resources(reference)
        ]
        found = answers or self._of_anybody(named, reference)
        best = widest([answer for _, answer in found])
        identity = next((name for name, answer in found if answer is best), "")
        if not answers and best.verdict.rank >= Verdict.DENIED.rank:
            identity, best = "", Answer(Verdict.NOT_GRANTED, None, subject.why or "gets no identity of the environment")
        actions = " or ".join(dict.fromkeys(action for _, action in named))
        return Reply(subject, actions, reference, identity, best)

    def _of_anybody(self, named: Named, reference: str) -> list[tuple[str, Answer]]:
        """What whoever has no identity may do."""
        return [
            (ANYBODY, self._symbolic(engine.anybody(Wanted(action, one))))
            for engine, action in named
            for one in engine.resources(reference)
        ]

    def _symbolic(self, answer: Answer) -> Answer:
        """The same, with what an apply picks by what stands for it in Terraform."""
        what, why = answer.what, answer.why
        for value, symbol in self._symbols.items():
            what, why = what.replace(value, symbol), why.replace(value, symbol)
        return Answer(answer.verdict, answer.by, why, what)

    @staticmethod
    def _through(taken: Taken, answer: Answer) -> Answer:
        """The same, under the conditions under which the identity is taken."""
        trust = taken.answer
        if answer.verdict is Verdict.ALLOWED and trust.verdict is Verdict.DEPENDS:
            return Answer(Verdict.DEPENDS, trust.by, trust.why, answer.what)
        return answer

    def table(self, subject: Subject) -> Iterator[tuple[str, Reply]]:
        """What hurts most in the wrong hands, in words, and whether they may."""
        for words, named, resource in tables(self._engines):
            yield words, self._asked(subject, named, resource)


def trusts(resources: Sequence[Given], claims: Mapping[str, str]) -> tuple[Taken, ...]:
    """Every identity that takes tokens of jobs, and whether it takes one with these claims; the widest first."""
    return _sorted(taken for engine in engines(resources) for taken in engine.takes(claims))


def is_job(word: str) -> bool:
    """Whether a word stands for a job of a pipeline."""
    return word in EVENTS or word.partition(":")[0] in ("branch", "tag")


def no_pipeline(word: str) -> Diagnostic:
    """That a word stands for a job where there is none."""
    hint = "the environment has no pipeline: its spec has no `ci`"
    return Diagnostic("GP207", f"{shortened(word)} is nobody in this environment", hint=hint)


def nobody(word: str, words: Sequence[str]) -> Diagnostic:
    """That a word stands for nobody; `words` are those that stand for somebody."""
    listed = f"one of {', '.join(words[:20])}" if words else "the environment has no identities"
    hint = did_you_mean(word, words) or listed
    return Diagnostic("GP207", f"{shortened(word)} is nobody in this environment", hint=hint)


def _names(reference: str, named: Named) -> Iterator[str]:
    """What of the same sort there is."""
    sort = reference.partition(":")[0]
    return (f"{sort}:{name}" for engine, _ in named for name in engine.names(sort))


def _once(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    """Sorted; what a cloud and its cluster call the same is one."""
    found: dict[tuple[str, str], Taken] = {}
    for one in taken:
        if one.cloud or not any(one.name == name for name, _ in found):
            found[one.name, f"{one.cloud} {one.answer.by.address if one.answer.by else ''}"] = one
    return _sorted(found.values())


def _sorted(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    return tuple(sorted(taken, key=lambda one: (one.verdict.rank, one.name)))
