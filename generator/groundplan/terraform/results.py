"""What a session reports about a root or a module folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groundplan.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class RootResult:
    """Whether a root initialises and validates."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class PlanResult:
    """Whether a root plans, and its plan as `terraform show -json` gives it (None when it does not plan)."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    plan: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """What became of a root that was applied, planned again and destroyed."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    created: int = 0
    """With what was imported."""
    changed_by_second_plan: int = 0
    destroyed: int = 0
    secrets_searched: int = 0
    """How many secret values the state and the plan were searched for."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """How the test files of a module folder ended, in numbers of runs."""

    __test__ = False

    folder: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    passed: int = 0
    failed: int = 0
    errored: int = 0
    skipped: int = 0
