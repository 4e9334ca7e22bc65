"""Resources that Terraform itself was told never to destroy, and is not any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from groundplan.change.classify import Finding
from groundplan.change.model import Kind
from groundplan.change.planned import Action, Planned
from groundplan.hcl.sources import MODULE_SUFFIXES, Sources
from groundplan.terraform.protection import WORD, is_protected

_STAYING = (Action.NOTHING, Action.UPDATE)


def unprotected(planned: Iterable[Planned], before: Path, after: Path) -> Iterator[Finding]:
    """What stays and loses its `prevent_destroy`, where that is told without evaluating; both are folders of roots."""
    staying = [one for one in planned if one.action in _STAYING]
    if not staying or not _differs(before, after):
        return
    roots = tuple({one.root: None for one in staying})
    old, new = Sources(before, roots), Sources(after, roots)
    for one in staying:
        was = one.previous_address or one.address
        if _is_kept(old, one.root, was) and not _is_kept(new, one.root, one.address):
            what, reason = f"loses its `{WORD}`", "from then on a plan may destroy it"
            yield Finding(one, Kind.CANNOT_BE_UNDONE, what, forced_by=(f"lifecycle.{WORD}",), reason=reason)


def _differs(before: Path, after: Path) -> bool:
    """Whether a file that asks for it is another one now: reading every block of both sides takes a second."""
    asking = (path for path in before.rglob("*") if path.name.endswith(MODULE_SUFFIXES) and WORD in _text(path))
    return any(_text(path) != _text(after / path.relative_to(before)) for path in asking)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _is_kept(sources: Sources, root: str, address: str) -> bool:
    chain = sources.chain(root, address)
    return bool(chain) and is_protected(chain[-1])
