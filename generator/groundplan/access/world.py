"""An environment to ask: who its subjects are, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan.access.aws.engine import Aws
from groundplan.access.engine import Engine, Taken
from groundplan.access.gcp.engine import Gcp
from groundplan.access.given import symbols
from groundplan.access.model import Answer, Given, Verdict, Wanted, widest
from groundplan.access.tokens import EVENTS, Token, tokens
from groundplan.change.access import globs
from groundplan.components.ci.part import Pipeline
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean, shortened


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
        return tuple(one.name for one in self.taken if one.verdict.rank < Verdict.DENIED.rank)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody may do, and as whom."""

    subject: Subject
    action: str
    resource: str
    identity: str
    """The one that allows most; empty where they have none."""
    answer: Answer


class World:
    """The environment's identities, on whichever cloud it is."""

    def __init__(self, resources: Sequence[Given], pipeline: Pipeline | None = None, environment: str = "") -> None:
        self._engine: Engine = next((one for one in _engines(resources) if not one.is_empty), Aws(resources))
        self._symbols = symbols(resources)
        self._pipeline = pipeline
        self._environment = environment

    @property
    def words(self) -> tuple[str, ...]:
        """Everybody there is."""
        return (*(EVENTS if self._pipeline else ()), *dict.fromkeys(self._engine.people()))

    def subjects(self, word: str) -> tuple[Subject, ...]:
        """Whom a word means, once for each system of the pipeline; raises GP207 for a word that means nobody."""
        if word in EVENTS or word.partition(":")[0] in ("branch", "tag"):
            if self._pipeline is None:
                raise DiagnosticsError([_nobody(word, "the environment has no pipeline: its spec has no `ci`")])
            found = tokens(self._pipeline, self._environment, word, self._engine.audience)
            return tuple(self._job(one) for one in found)
        taken = _sorted(self._engine.named(word))
        if not taken:
            raise DiagnosticsError([_nobody(word, did_you_mean(word, self.words) or _listed(self.words))])
        return (Subject(word, taken=taken),)

    def _job(self, token: Token) -> Subject:
        return Subject(token.event, token.system, _sorted(self._engine.takes(token.claims)), token.why)

    def ask(self, subject: Subject, action: str, reference: str) -> Reply:
        """Whether somebody may do something; raises GP207 for an action or a resource that is none here."""
        action = next((one.name for one in self._engine.actions if one.words == action), action)
        if not self._engine.understands(action):
            names = ", ".join(f"{one.name} ({one.words})" for one in self._engine.actions[:3])
            message = f"{shortened(action)} is no name of an action on this cloud"
            raise DiagnosticsError([Diagnostic("GP207", message, hint=f"such as {names}")])
        known = self._engine.siblings(action)
        if known and not any(globs.covers(action.lower(), one.lower()) for one in known):
            hint = did_you_mean(action, known) or "the documents of the cloud list the actions of each service"
            raise DiagnosticsError([Diagnostic("GP207", f"there is no action {shortened(action)}", hint=hint)])
        resources = self._engine.resources(reference)
        if not resources:
            sorts = ", ".join(f"{one}:" for one in self._engine.sorts)
            hint = f"`*`, a whole name of the cloud, or {sorts} and a name of the environment"
            message = f"nothing in the environment is called {shortened(reference)}"
            raise DiagnosticsError([Diagnostic("GP207", message, hint=hint)])
        return self._asked(subject, action, reference, resources)

    def _asked(self, subject: Subject, action: str, reference: str, resources: Sequence[str]) -> Reply:
        answers = [
            (name, self._through(subject, name, self._symbolic(self._engine.may(name, Wanted(action, one)))))
            for name in subject.names
            for one in resources
        ]
        best = widest([answer for _, answer in answers])
        identity = next((name for name, answer in answers if answer is best), "")
        if not answers:
            best = Answer(Verdict.NOT_GRANTED, None, subject.why or "gets no identity of the environment")
        return Reply(subject, action, reference, identity, best)

    def _symbolic(self, answer: Answer) -> Answer:
        """The same, with what an apply picks by what stands for it in Terraform."""
        what, why = answer.what, answer.why
        for value, symbol in self._symbols.items():
            what, why = what.replace(value, symbol), why.replace(value, symbol)
        return Answer(answer.verdict, answer.by, why, what)

    @staticmethod
    def _through(subject: Subject, name: str, answer: Answer) -> Answer:
        """The same, under the conditions under which the identity is taken."""
        trust = next(one.answer for one in subject.taken if one.name == name)
        if answer.verdict is Verdict.ALLOWED and trust.verdict is Verdict.DEPENDS:
            return Answer(Verdict.DEPENDS, trust.by, trust.why, answer.what)
        return answer

    def table(self, subject: Subject) -> Iterator[tuple[str, Reply]]:
        """What hurts most in the wrong hands, in words, and whether they may."""
        for one in self._engine.actions:
            yield one.words, self._asked(subject, one.name, "*", ("*",))


def trusts(resources: Sequence[Given], claims: Mapping[str, str]) -> tuple[Taken, ...]:
    """Every identity that takes tokens of jobs, and whether it takes one with these claims; the widest first."""
    return _sorted(taken for engine in _engines(resources) for taken in engine.takes(claims))


def _engines(resources: Sequence[Given]) -> tuple[Engine, ...]:
    return Aws(resources), Gcp(resources)


def _sorted(taken: Iterable[Taken]) -> tuple[Taken, ...]:
    return tuple(sorted(taken, key=lambda one: (one.verdict.rank, one.name)))


def _nobody(word: str, hint: str) -> Diagnostic:
    return Diagnostic("GP207", f"{shortened(word)} is nobody in this environment", hint=hint)


def _listed(words: Sequence[str]) -> str:
    return f"one of {', '.join(words[:20])}" if words else "the environment has no identities"
