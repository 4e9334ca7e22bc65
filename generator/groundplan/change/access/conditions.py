"""Conditions of policy statements: whether one asks for at least what another asks for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.change.access import globs
from groundplan.change.access.atoms import Atom, Whole
from groundplan.ranges import network, within

_OPERATOR = re.compile(r"^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$")
_LITERAL = str.maketrans({"*": "\ue000", "?": "\ue001"})
"""Wildcards that stand for themselves, where the operator has none."""
_PATTERNS = {"StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"}
_EXACT = {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
_NETS = {"IpAddress", "NotIpAddress"}

FIXING = frozenset(
    {
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceowner", "aws:sourceip"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:userid", "kms:calleraccount", "sns:endpoint"),
        *("s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    }
)
"""Keys that make a statement for everybody one for a few.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator with its values, of which one has to hold, or none where the operator negates."""

    quantifier: str
    operator: str
    if_exists: bool
    key: str
    """In lower case: names of keys have none."""
    values: frozenset[str]

    @property
    def negates(self) -> bool:
        """Whether the values are those that must not be."""
        return "Not" in self.operator

    def implies(self, other: Condition) -> bool:
        """Whether the other holds wherever this one does."""
        if (self.key, self.quantifier, self._family) != (other.key, other.quantifier, other._family):
            return False
        if self.if_exists and not (other.if_exists or self.negates):
            return False
        inner, outer = (other, self) if self.negates else (self, other)
        return all(any(outer._holds(have, want) for have in outer.values) for want in inner.values)

    @property
    def _family(self) -> str:
        """Operators whose values can be compared with one another."""
        sort = "net" if self.operator in _NETS else self.operator
        if self.operator in _PATTERNS | _EXACT:
            sort = "text without case" if "IgnoreCase" in self.operator else "text"
        return f"{sort}{' negated' * self.negates}"

    def _holds(self, have: str, want: str) -> bool:
        if self.operator in _NETS:
            outer, inner = network(have), network(want)
            return outer is not None and inner is not None and within(inner, outer)
        return globs.covers(have, want)

    def __str__(self) -> str:
        values = sorted(value.replace("\ue000", "*").replace("\ue001", "?") for value in self.values)
        more = f" and {len(values) - 2} more" if len(values) > 2 else ""
        return f"{self.operator} {self.key} {', '.join(values[:2])}{more}"


@dataclass(frozen=True, slots=True)
class Conditions(Whole):
    """All conditions of a statement, every one of which has to hold."""

    every: frozenset[Condition] = frozenset()

    def covers(self, other: Atom) -> bool:
        """Whether they hold wherever those of the other do."""
        return isinstance(other, Conditions) and not list(self.missing_in(other))

    def missing_in(self, other: Conditions) -> Iterable[Condition]:
        """Conditions that the other does not ask for in full."""
        return (mine for mine in sorted(self.every, key=str) if not any(one.implies(mine) for one in other.every))

    @property
    def fixes(self) -> bool:
        """Whether they let in only those that are named."""
        return any(one.key in FIXING and not one.negates and "*" not in one.values for one in self.every)

    def __str__(self) -> str:
        return "; ".join(sorted(map(str, self.every)))


def conditions(block: object) -> Conditions:
    """Those of a statement; an operator that is none is kept as one that equals itself alone."""
    if not isinstance(block, Mapping):
        return Conditions()
    return Conditions(
        frozenset(
            _condition(str(operator), str(key), values)
            for operator, keys in block.items()
            if isinstance(keys, Mapping)
            for key, values in keys.items()
        )
    )


def _condition(operator: str, key: str, values: Any) -> Condition:
    found = _OPERATOR.match(operator)
    quantifier, name, exists = found.groups() if found else (None, operator, None)
    texts = [_text(value) for value in (values if isinstance(values, list) else [values])]
    if name in _EXACT:
        texts = [text.translate(_LITERAL) for text in texts]
    if "IgnoreCase" in name:
        texts = [text.lower() for text in texts]
    return Condition(quantifier or "", name, exists is not None, key.lower(), frozenset(texts))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
