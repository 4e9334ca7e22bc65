"""The steps out of a change that waits for itself."""

from __future__ import annotations

import pytest

from groundplan.diagnostics import Diagnostic
from groundplan.terraform.cycles import ended, in_cycle


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("a_b.c (destroy), a_b.d, a_b.c (expand)", ("a_b.c", "a_b.d")),
        (
            'module.m["x, y_z.w"].a_b.c["k (destroy)"] (destroy deposed 0a1b2c3d), module.m.a_b.d[0]',
            ("module.m.a_b.c", "module.m.a_b.d"),
        ),
        ("module.m (close), module.m.var.pool_x (expand), local.a_b, output.a_b (expand), data.a_b.c", ("data.a_b.c",)),
        ('provider["registry.terraform.io/hashicorp/aws"] (close), a_b.c', ("a_b.c",)),
        ("module.m.local.names (expand)", ()),
    ],
)
def test_resources_are_named_once_and_nothing_else_is(message: str, named: tuple[str, ...]) -> None:
    assert in_cycle(f"Cycle: {message}") == named


def test_the_steps_name_what_waits() -> None:
    cycle = ended("10-a", [Diagnostic("GP504", "Cycle: a_b.c (destroy), module.m.a_b.d")])
    assert cycle and cycle.address == "a_b.c"
    assert "references between a_b.c, module.m.a_b.d;" in str(cycle.hint)


def test_of_many_a_few_are_named() -> None:
    cycle = ended("10-a", [Diagnostic("GP504", "Cycle: " + ", ".join(f"a_b.c{n}" for n in range(5_000)))])
    assert cycle and "a_b.c5 and 4994 more;" in str(cycle.hint) and len(str(cycle.hint)) < 400


def test_another_error_is_no_cycle() -> None:
    assert ended("10-a", [Diagnostic("GP504", "Invalid index")]) is None
