"""Types as the text of variables and outputs says them."""

from __future__ import annotations

import pytest

from groundplan.hcl.types import (
    ANYTHING,
    PRIMITIVES,
    Collection,
    Object,
    ObjectAttribute,
    Type,
    type_of_constraint,
    type_of_value,
)

STRING, NUMBER, BOOL = (PRIMITIVES[name] for name in ("string", "number", "bool"))
SOMETHING = Collection("list", ANYTHING)


def an_object(**attributes: Type) -> Object:
    """All attributes required."""
    return Object({name: ObjectAttribute(type_) for name, type_ in attributes.items()})


WRITTEN = """map(object({ # pools by name
  zones = list(string)
  # a comment with }
  gpu = optional(object({
    count  = number
    "type" = optional(string, "a)")
  }), { count = 1, type = ")" })
  rules = optional(map(set(string)), {}), last = bool
}))"""


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("string", STRING),
        ("number", NUMBER),
        ("bool", BOOL),
        ("any", ANYTHING),
        ("", ANYTHING),
        ("tuple([string, number])", ANYTHING),
        ("list(string)", Collection("list", STRING)),
        ("set(\n  number\n)", Collection("set", NUMBER)),
        ("map(any)", Collection("map", ANYTHING)),
        ("object({})", Object({})),
        ("object({ a = any, b = string })", an_object(a=ANYTHING, b=STRING)),
        ("object({ a = tuple([string]), b = string })", an_object(a=ANYTHING, b=STRING)),
    ],
)
def test_constraints(text: str, type_: Type) -> None:
    assert type_of_constraint(text) == type_


def test_optional_attributes_with_defaults_and_comments() -> None:
    gpu = Object({"count": ObjectAttribute(NUMBER), "type": ObjectAttribute(STRING, required=False)})
    rules = Collection("map", Collection("set", STRING))
    assert type_of_constraint(WRITTEN) == Collection(
        "map",
        Object(
            {
                "zones": ObjectAttribute(Collection("list", STRING)),
                "gpu": ObjectAttribute(gpu, required=False),
                "rules": ObjectAttribute(rules, required=False),
                "last": ObjectAttribute(BOOL),
            }
        ),
    )


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("var.name", ANYTHING),
        ('"a-${var.name}"', STRING),
        ('"a" == var.name', ANYTHING),
        ("[for x in y : x.id]", SOMETHING),
        ("{}", Object({})),
        ("{ (var.name) = 1, b = 2 }", Collection("map", ANYTHING)),
        ("{ a = merge({ x = 1 }, y), b = { c = [1] } }", an_object(a=ANYTHING, b=an_object(c=SOMETHING))),
        ("{ a : x == y ? 1 : 2\n  b = [\n  1,\n  ]\n}", an_object(a=ANYTHING, b=SOMETHING)),
        ("{ for k, v in x : k => v.id }", Collection("map", ANYTHING)),
        (
            "{\n  for k, v in [for a in b : a if a == 1] : k => {\n    id = v\n  }\n}",
            Collection("map", an_object(id=ANYTHING)),
        ),
        ("{ for k", ANYTHING),
        ("", ANYTHING),
    ],
)
def test_values(text: str, type_: Type) -> None:
    assert type_of_value(text) == type_


@pytest.mark.parametrize("end", range(len(WRITTEN)))
def test_broken_text_ends(end: int) -> None:
    whole = isinstance(type_of_constraint(WRITTEN[:end]), Collection)
    assert whole == (end >= len("map("))
    assert isinstance(type_of_value(WRITTEN[:end].removeprefix("map(object(")), Type)
