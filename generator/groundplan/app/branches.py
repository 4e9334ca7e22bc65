"""The branches of a repository, as far as its clone knows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from groundplan.app.compare.revisions import Repository
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean
from groundplan.environment.files import LOCK_FILE
from groundplan.render.pipelines.model import Target

_OWN, _OTHERS = "refs/heads/", "refs/remotes/"


def missing_branches(top: Path, targets: Sequence[Target], environment: Mapping[str, str]) -> Iterator[Diagnostic]:
    """GP951 for a default branch that the repository around `top` does not have: its pipeline would never run.

    Nothing where there is no repository, none of whose branches is known, or no Git.
    """
    try:
        known = _branches(Repository.around(top / LOCK_FILE, environment))
    except DiagnosticsError:
        return
    for one in targets:
        branch = one.pipeline.default_branch
        if known and not any(name == _OWN + branch or _is_remote(name, branch) for name in known):
            near = did_you_mean(branch, [name.removeprefix(_OWN) for name in known if name.startswith(_OWN)])
            hint = f"set `ci.default_branch`, or fetch the branch: `git fetch origin {branch}:{_OTHERS}origin/{branch}`"
            message = f"`ci.default_branch` is {branch}, which the repository does not have"
            yield Diagnostic("GP951", message, hint=f"{near} {hint}".strip(), place=one.places["ci.default_branch"])


def _is_remote(name: str, branch: str) -> bool:
    return name.startswith(_OTHERS) and name.endswith(f"/{branch}")


def _branches(repository: Repository) -> list[str]:
    """Full names, and that of a branch without a commit yet."""
    _, listed = repository.run("for-each-ref", "--format=%(refname)", _OWN, _OTHERS)
    _, head = repository.run("symbolic-ref", "--quiet", "HEAD")
    return (listed + head).decode(errors="replace").split()
