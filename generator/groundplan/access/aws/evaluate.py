"""Whether a role may do something: a denial first, then the boundary, then what policies of role and resource allow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
What is asked with wildcards is allowed where any of it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from groundplan.access.aws.conditions import Context, holds
from groundplan.access.aws.identities import Role
from groundplan.access.aws.meet import meet
from groundplan.access.aws.owners import Owned
from groundplan.access.aws.statements import Said, covered
from groundplan.access.model import YES, Answer, Statement, Truth, Verdict, Wanted, unknown, widest
from groundplan.change.access.atoms import Glob

MOST = 2_000
"""Ways to something that are followed; with more, the answer is that it is not known."""
ASSUMED = Context(
    {"aws:securetransport": ("true",), "s3:tlsversion": ("1.3",)},
    closed=("s3:x-amz-server-side-encryption",),
)
"""What every request is taken to have: current TLS, and no wish for another encryption than the bucket's."""
_KEYS = "kms:"


@dataclass(frozen=True, slots=True)
class _Way:
    """How something is granted: what exactly, by which statement, under which conditions, at which resource of ours."""

    action: Glob
    resource: Glob
    by: Statement
    truth: Truth = YES
    at: Owned | None = None

    def through(self, one: Said, context: Context) -> Iterator[_Way]:
        """What of it a statement is about, where its conditions may hold."""
        truth = holds(one.condition, context) & _variables(one)
        if not truth.holds:
            return
        actions = [found for action in one.actions if (found := meet(action, self.action))]
        resources = [found for resource in one.resources if (found := meet(resource, self.resource))]
        for action, resource in product(actions, resources):
            yield replace(self, action=action, resource=resource, truth=self.truth & truth)

    def within(self, one: Said) -> bool:
        """Whether a statement is about all of it."""
        return covered(one.actions, self.action) and covered(one.resources, self.resource)


@dataclass(frozen=True, slots=True)
class Request:
    """A role that asks for something among resources with policies of their own."""

    role: Role
    owners: Sequence[Owned]
    context: Context

    def answer(self, wanted: Wanted) -> Answer:
        """Whether it gets it, with the statement that decides."""
        asked = _Way(Glob(wanted.action.lower(), shown=wanted.action), Glob(wanted.resource), Statement(None, ""))
        if whole := self._denied(asked):
            return whole
        ways = list(islice(self._ways(asked), MOST + 1))
        if len(ways) > MOST:
            return Answer(Verdict.DEPENDS, None, f"{self.role.name} has more statements about it than are followed")
        found = widest([self._judged(way) for way in ways])
        unread = (*self.role.unread, *self._unread(asked))
        if found.verdict.rank >= Verdict.DENIED.rank and unread:
            return Answer(Verdict.DEPENDS, None, f"what {', '.join(unread[:3])} allows is not known")
        return found if ways else Answer(Verdict.NOT_GRANTED, None, f"no policy of {self.role.name} allows it")

    def _unread(self, asked: _Way) -> Iterator[str]:
        """Resources that are asked about and whose own policy may allow it."""
        for one in self.owners:
            about = one.unread and one.is_of(asked.action.text)
            if about and any(meet(Glob(name), asked.resource) for name in one.names):
                yield one.given.address

    def _ways(self, asked: _Way) -> Iterator[_Way]:
        """All that is allowed by the role's policies, or to the role by name by those of resources."""
        for one in self.role.policies:
            if one.allows:
                for way in replace(asked, by=one.source).through(one, self.context):
                    yield from (known for each in self._placed(way) if (known := self._known(each, one)))
        for owner in self.owners:
            for one in owner.policy:
                if one.allows and covered(one.who, Glob(self.role.arn)):
                    yield from replace(asked, by=one.source, at=owner).through(_of(one, owner), self._at(owner))

    def _known(self, way: _Way, one: Said) -> _Way | None:
        """The way with what is known of the resource: its tags and aliases may decide what its statement asks."""
        truth = way.truth if way.at is None else holds(one.condition, self._at(way.at)) & _variables(one)
        return replace(way, truth=truth) if truth.holds else None

    def _placed(self, way: _Way) -> Iterator[_Way]:
        """At each of the resources that have a policy of their own, and elsewhere."""
        alone = False
        for owner, name in ((each, name) for each in self.owners for name in each.names):
            found = meet(Glob(name), way.resource) if owner.is_of(way.action.text) else None
            if found is not None:
                alone = alone or owner.holds(way.resource.text)
                yield replace(way, resource=found, at=owner)
        if not alone:
            yield way

    def _judged(self, way: _Way) -> Answer:
        for step in (self._bounded, self._owned):
            ways = list(islice(step(way), MOST))
            if not ways:
                return self._refused(way, step == self._bounded)
            way = min(ways, key=lambda one: len(one.truth.depends))
        return self._denied(way) or self._certain(way)

    def _refused(self, way: _Way, bounded: bool) -> Answer:
        what = f"{way.action} on {way.resource}"
        reason = (
            f"the boundary of {self.role.name} does not allow it" if bounded else "its own policy does not allow it"
        )
        return Answer(Verdict.NOT_GRANTED, way.by, f"allowed here, but {reason}", what)

    def _certain(self, way: _Way) -> Answer:
        truth = way.truth
        for one in self._denials(way):
            if one.truth.holds and way.within(one.said):
                truth &= Truth(True, tuple(f"unless {each}" for each in one.truth.depends))
        what = f"{way.action} on {way.resource}"
        if truth.depends:
            return Answer(Verdict.DEPENDS, way.by, "; ".join(truth.depends[:3]), what)
        return Answer(Verdict.ALLOWED, way.by, "", what)

    def _bounded(self, way: _Way) -> Iterator[_Way]:
        if self.role.boundary is None:
            yield way
            return
        for one in self.role.boundary:
            if one.allows:
                yield from way.through(one, self._at(way.at))

    def _owned(self, way: _Way) -> Iterator[_Way]:
        """Keys have a policy that has to allow, too: the role by name, or its account."""
        if way.at is None or not way.at.alone:
            outside = way.at is None and way.action.text.startswith(_KEYS) and not way.resource.text.startswith("*")
            truth = unknown("policies of keys outside of this environment") if outside else YES
            yield replace(way, truth=way.truth & truth)
            return
        if way.at.unread:
            yield replace(way, truth=way.truth & unknown(f"the policy of {way.at.given.address}"))
        for one in way.at.policy:
            if one.allows and any(covered(one.who, Glob(name)) for name in self.role.names):
                yield from way.through(_of(one, way.at), self._at(way.at))

    def _denied(self, way: _Way) -> Answer | None:
        """By a denial that is certain, or holds under conditions without which there is no such way."""
        for one in self._denials(way):
            if one.truth.holds and set(one.truth.depends) <= set(way.truth.depends) and way.within(one.said):
                return Answer(Verdict.DENIED, one.said.source, "", f"{way.action} on {way.resource}")
        return None

    def _denials(self, way: _Way) -> Iterator[_Denial]:
        context = self._at(way.at)
        for one in (*self.role.policies, *(self.role.boundary or ())):
            if not one.allows:
                yield _Denial(one, holds(one.condition, context) & _variables(one))
        at = [way.at] if way.at else [owner for owner in self.owners if owner.holds(way.resource.text)]
        for owner in at:
            for one in owner.policy:
                if not one.allows and any(covered(one.who, Glob(name)) for name in self.role.names):
                    yield _Denial(_of(one, owner), holds(one.condition, self._at(owner)) & _variables(one))

    def _at(self, owner: Owned | None) -> Context:
        if owner is None:
            return self.context
        known = {**owner.tags, **({"kms:resourcealiases": owner.aliases} if owner.alone else {})}
        return Context({**self.context.values, **known}, (*self.context.closed, "aws:resourcetag/"))


@dataclass(frozen=True, slots=True)
class _Denial:
    said: Said
    truth: Truth


def _of(one: Said, owner: Owned) -> Said:
    """In a key's policy, every resource is the key."""
    if owner.alone:
        return replace(one, resources=(Glob(owner.arn),))
    return one


def _variables(one: Said) -> Truth:
    """Names with variables stand for something only in a request."""
    found = [each.text for each in (*one.actions, *one.resources) if "${" in each.text]
    return unknown(f"what {found[0]} stands for") if found else YES


def evaluate(role: Role, wanted: Wanted, owners: Sequence[Owned], known: Context = ASSUMED) -> Answer:
    """Whether a role may, with the statement that decides."""
    return Request(role, owners, _context(role, known)).answer(wanted)


def _context(role: Role, known: Context) -> Context:
    return known.with_values(
        {
            "aws:principalarn": (role.arn,),
            "aws:principalaccount": (role.account,),
            "aws:principaltype": ("AssumedRole",),
            "kms:calleraccount": (role.account,),
        }
    )
