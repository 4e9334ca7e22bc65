"""Whether the conditions of a statement hold for a request of which some is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from groundplan.access.model import NO, YES, Truth, unknown
from groundplan.change.access import globs
from groundplan.change.access.conditions import Condition, conditions

_TEXTS = {"StringEquals", "StringLike", "ArnEquals", "ArnLike"}
_FOLDED = {"StringEqualsIgnoreCase"}
_NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "NumericEquals": lambda have, want: have == want,
    "NumericLessThan": lambda have, want: have < want,
    "NumericLessThanEquals": lambda have, want: have <= want,
    "NumericGreaterThan": lambda have, want: have > want,
    "NumericGreaterThanEquals": lambda have, want: have >= want,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a request: values by key in lower case, and beginnings of keys of which all are known."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    closed: tuple[str, ...] = ()

    def knows(self, key: str) -> bool:
        """Whether it is known what the key has, or that it has nothing."""
        return key in self.values or key.startswith(self.closed or ("\0",))

    def with_values(self, values: Mapping[str, Sequence[str]]) -> Context:
        """The same with more that is known."""
        return Context({**self.values, **values}, self.closed)


def holds(block: object, context: Context) -> Truth:
    """Whether all conditions of a statement hold."""
    every = sorted(conditions(block).every, key=str)
    return reduce(Truth.__and__, (_one(one, context) for one in every), YES)


def _one(one: Condition, context: Context) -> Truth:
    if not context.knows(one.key) or any("${" in value for value in one.values):
        return unknown(str(one))
    found = list(context.values.get(one.key, ()))
    if one.operator == "Null":
        return _truth(any((value.lower() == "true") != bool(found) for value in one.values))
    if not found:
        return _truth(one.if_exists or one.quantifier == "ForAllValues" or (one.negates and not one.quantifier))
    compared = [_compared(one, have) for have in found]
    if None in compared:
        return unknown(str(one))
    together = all if one.quantifier == "ForAllValues" else any
    return _truth(together(bool(each) for each in compared))


def _compared(one: Condition, have: str) -> bool | None:
    """Whether one value of the request fits one of the condition, or none where it negates; None: not understood."""
    name = one.operator.replace("NotEquals", "Equals").replace("NotLike", "Like").replace("NotIp", "Ip")
    matches = [_fits(name, have, want) for want in one.values]
    if None in matches:
        return None
    return not any(matches) if one.negates else any(matches)


def _fits(operator: str, have: str, want: str) -> bool | None:
    if operator in _TEXTS:
        return globs.covers(want, have)
    if operator in _FOLDED:
        return globs.covers(want, have.lower())
    if operator == "Bool":
        return have.lower() == want.lower()
    if operator in _NUMBERS:
        return _numbers(_NUMBERS[operator], have, want)
    return None


def _numbers(compare: Callable[[float, float], bool], have: str, want: str) -> bool | None:
    try:
        return compare(float(have), float(want))
    except ValueError:
        return None


def _truth(value: bool) -> Truth:
    return YES if value else NO
