"""A rehearsal: what would happen to a root over its life, played through on a throwaway state."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, has_errors
from groundplan.reading import MIB, read_regular
from groundplan.terraform import reports
from groundplan.terraform.protection import lift_protection
from groundplan.terraform.results import RehearsalResult, RootResult
from groundplan.terraform.runner import Completed

_STATE = "terraform.tfstate"
_STATE_BYTES = 512 * MIB
_CHANGES = 2
"""Exit code of `plan -detailed-exitcode` when something would change."""


class Session(Protocol):
    """The copy of a folder that is rehearsed in, and Terraform in it."""

    @property
    def values(self) -> Sequence[str]:
        """Arguments that give values to variables."""

    @property
    def work_folder(self) -> Path:
        """The top of the copy."""

    def copy_of(self, root: str) -> Path:
        """The folder of a root in it."""

    def initialise(self, root: str, *, state: Path | None = None) -> RootResult:
        """`init` of one root; `state` is the file for its state."""

    def run(self, root: str, command: str, *arguments: str) -> Completed:
        """Runs one Terraform command in the copy of a root."""

    def locator(self, root: str) -> reports.Locate:
        """Names files as the folder has them."""

    def issued_secrets(self) -> frozenset[str]:
        """What ephemeral resources gave out and write-only arguments took in so far."""


class Rehearsal:
    """One root's apply, second plan, search for secrets and destroy; each step needs the one before."""

    def __init__(self, session: Session, root: str, secrets: Sequence[str]) -> None:
        self._session = session
        self._root = root
        self._given_secrets = frozenset(filter(None, secrets))
        self._found: list[Diagnostic] = []
        self._counts: dict[str, int] = {}

    def run(self) -> RehearsalResult:
        """Plays the steps until one fails."""
        started = time.perf_counter()
        ready = self._session.initialise(self._root, state=self._state_path())
        self._found += ready.diagnostics
        if ready.ok:
            for step in (self._apply, self._plan_again, self._search_secrets, self._destroy):
                step()
                if has_errors(self._found):
                    break
        return RehearsalResult(
            self._root,
            not has_errors(self._found),
            tuple(self._found),
            time.perf_counter() - started,
            **self._counts,
        )

    def _apply(self) -> None:
        options = ("-json", "-input=false", "-lock=false", "-auto-approve", *self._session.values)
        completed = self._run("GP505", "apply", *options)
        self._counts["created"] = _change_count(completed, "add") + _change_count(completed, "import")

    def _plan_again(self) -> None:
        """A plan after an apply has to be empty."""
        completed = self._run(
            "GP508",
            "plan",
            "-json",
            "-input=false",
            "-lock=false",
            "-detailed-exitcode",
            "-out=second.tfplan",
            *self._session.values,
        )
        if completed.returncode != _CHANGES:
            return
        changes = [m["change"] for m in completed.messages() if m.get("type") in ("planned_change", "resource_drift")]
        self._counts["changed_by_second_plan"] = len(changes)
        for change in changes:
            self._found.append(
                Diagnostic(
                    "GP508",
                    f"a second plan would {change['action']} it",
                    hint="look for timestamp(), uuid() or a value that depends on the order of a set",
                    address=change["resource"]["addr"],
                )
            )
        if not changes:
            self._found.append(
                Diagnostic("GP508", "a second plan changes outputs", hint="look for timestamp() or uuid()")
            )

    def _search_secrets(self) -> None:
        secrets = self._given_secrets | self._session.issued_secrets()
        self._counts["secrets_searched"] = len(secrets)
        state = self._state()
        shown = self._session.run(self._root, "show", "-json", "second.tfplan")
        plan = json.loads(shown.stdout) if shown.returncode == 0 else {}
        for where, found in (("state", _leaks(state, secrets)), ("plan", _leaks(plan, secrets))):
            for path in sorted(found):
                self._found.append(
                    Diagnostic(
                        "GP506",
                        f"a secret is in the {where}, at {path}",
                        hint="hand secrets over with ephemeral resources and write-only arguments (`…_wo`)",
                        address=_address_at(state, path) if where == "state" else None,
                    )
                )

    def _destroy(self) -> None:
        """Destroys everything; what the configuration protects is unprotected first, in the copy.

        Without a refresh: the second plan has read every resource since the apply.
        """
        lift_protection(self._session.work_folder)
        completed = self._run(
            "GP505",
            "destroy",
            "-json",
            "-refresh=false",
            "-input=false",
            "-lock=false",
            "-auto-approve",
            *self._session.values,
        )
        self._counts["destroyed"] = _change_count(completed, "remove")
        left = self._state()["resources"]
        managed = [resource for resource in left if resource.get("mode") == "managed"]
        if managed and not has_errors(self._found):
            names = ", ".join(f"{resource['type']}.{resource['name']}" for resource in managed)
            self._found.append(Diagnostic("GP505", f"left in the state after destroy: {names}"))

    def _run(self, code: str, command: str, *arguments: str) -> Completed:
        completed = self._session.run(self._root, command, *arguments)
        self._found += reports.from_messages(completed, code, self._session.locator(self._root))
        return completed

    def _state(self) -> dict[str, Any]:
        """What Terraform left as its state, if that is a file: it acted on what nobody trusts."""
        data = read_regular(self._state_path(), limit_bytes=_STATE_BYTES, within=self._session.work_folder)
        state: dict[str, Any] = json.loads(data)
        return state

    def _state_path(self) -> Path:
        return self._session.copy_of(self._root) / _STATE


def _change_count(completed: Completed, key: str) -> int:
    """A number of the change summary that an apply or destroy ends with."""
    summaries = [message["changes"] for message in completed.messages() if message.get("type") == "change_summary"]
    return int(summaries[-1].get(key, 0)) if summaries else 0


def _leaks(document: Any, secrets: Iterable[str], path: str = "") -> set[str]:
    """Paths of the strings in a document that contain a secret."""
    if isinstance(document, str):
        return {path} if any(secret in document for secret in secrets) else set()
    if isinstance(document, dict):
        items: Iterable[tuple[object, Any]] = document.items()
    elif isinstance(document, list):
        items = enumerate(document)
    else:
        return set()
    return set().union(*(_leaks(value, secrets, f"{path}.{key}" if path else str(key)) for key, value in items))


def _address_at(state: dict[str, Any], path: str) -> str | None:
    """The resource of a state file that a path like `resources.3.instances.0.attributes.x` leads into."""
    words = path.split(".")
    if words[0] != "resources":
        return None
    resource = state["resources"][int(words[1])]
    prefix = f"{resource['module']}." if "module" in resource else ""
    mode = "data." if resource.get("mode") == "data" else ""
    return f"{prefix}{mode}{resource['type']}.{resource['name']}"
