"""The page of a comparison without a browser: what it holds, and whether its colours can be told apart."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest

from groundplan.views.compare.html import page
from tests.unit.app.compare.samples import sample

# https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html, severity 1.0, for linear RGB
VISION = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
APART = 0.08
"""Least distance in OKLab (https://bottosson.github.io/posts/oklab/); two colours are alike to the eye below 0.02."""


def linear(colour: str) -> list[float]:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def oklab(rgb: list[float]) -> tuple[float, float, float]:
    r, g, b = (min(1.0, max(0.0, channel)) for channel in rgb)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


@pytest.mark.parametrize("vision", VISION)
def test_colours_of_the_charts_can_be_told_apart(vision: str) -> None:
    script = (files("groundplan.views.compare") / "page" / "compare.js").read_text(encoding="utf-8")
    (found,) = re.findall(r"const COLORS = \[(.*)\];", script)
    colours = re.findall(r"#[0-9a-f]{6}", found)
    assert len(colours) == 8
    seen = {
        colour: oklab([sum(a * b for a, b in zip(row, linear(colour), strict=True)) for row in VISION[vision]])
        for colour in colours
    }
    alike = [pair for pair in itertools.combinations(colours, 2) if math.dist(*(seen[one] for one in pair)) < APART]
    assert not alike


@pytest.mark.slow
def test_it_is_the_same_whenever_it_is_made() -> None:
    comparison = sample()
    age = comparison.age
    assert age is not None
    later = replace(comparison, age=replace(age, today=age.today + timedelta(days=1)))
    assert page(later) == page(comparison)
    assert age.today.isoformat() not in page(comparison)
    assert f"; list prices of {age.oldest} to {age.newest}." in page(comparison)
