"""A rehearsal that keeps what a root's state was between its apply and its destroy."""

from __future__ import annotations

from pathlib import Path

from groundplan.terraform.offline import OfflineSession
from groundplan.terraform.runner import Completed


def rehearse(session: OfflineSession, root: str) -> str:
    """The state, as Terraform stores it; a second plan changed nothing and the destroy left nothing."""
    states: list[str] = []
    original = session.run

    def run(name: str, command: str, *arguments: str) -> Completed:
        if command == "destroy":
            states.append(Path(session.copy_of(name), "terraform.tfstate").read_text(encoding="utf-8"))
        return original(name, command, *arguments)

    session.run = run  # type: ignore[method-assign]
    try:
        result = session.rehearse(root)
    finally:
        session.run = original  # type: ignore[method-assign]
    assert result.ok, result.diagnostics
    assert result.created == result.destroyed > 0
    assert result.changed_by_second_plan == 0
    [state] = states
    return state
