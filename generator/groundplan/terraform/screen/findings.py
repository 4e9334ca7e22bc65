"""The findings of the screen: their codes, and what to do about each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from groundplan.diagnostics import Diagnostic, Place

RUNS = "GP909"
MODULE = "GP906"
READS = "GP910"
UNREADABLE = "GP503"
TOO_MUCH = "GP105"

MAX_MODULE_CALLS = 2_000
"""Modules that a root may call in all, those that called ones call included: a rendered root has about 20."""
MAX_NESTED_MODULES = 50
"""A rendered root nests two."""

_HINTS: Mapping[str, str] = {
    RUNS: "nothing that is checked may do that: take it out",
    MODULE: "keep a copy of the module in the folder and call it by a relative path: `terraform init -backend=false` "
    "puts one that is fetched into .terraform/modules",
    READS: 'write "${path.module}/folder/file", or "${path.module}/folder/${basename(name)}" for a name that varies',
    UNREADABLE: "correct it there; `terraform fmt` reads the same language",
    TOO_MUCH: "check the folder of one environment, with less in it",
}


_REGISTRY = re.compile(
    r": source (?:[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w-]*/[A-Za-z0-9][\w-]*/[A-Za-z0-9]+(?://[\w./-]*)?"
    r" is fetched when Terraform runs$"
)
"""https://developer.hashicorp.com/terraform/language/modules/sources#terraform-registry"""


def is_registry_module(diagnostic: Diagnostic) -> bool:
    """Whether a module comes from a registry, so that its source is no path that anything could follow."""
    return diagnostic.code == MODULE and _REGISTRY.search(diagnostic.message) is not None


def finding(code: str, message: str, place: Place) -> Diagnostic:
    """An error of the screen."""
    return Diagnostic(code, message, hint=_HINTS.get(code), place=place)
