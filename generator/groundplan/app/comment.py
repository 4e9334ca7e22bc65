"""One comment on a proposed change, and one issue about drift, for each environment: written anew in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.forges.around import forge_around
from groundplan.live.forges.base import Forge, Post, RefusedError, stopped
from groundplan.reading import MIB, UnreadableError, read_regular

FILE_BYTES = 4 * MIB
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKERS = re.compile(r"<!--\s*groundplan:", re.IGNORECASE)
_GONE = (403, 404)
_ROOM = 500
"""Characters for what closes a text that was cut."""

Done = Literal["written", "updated", "closed", "nothing"]


@dataclass(frozen=True, slots=True)
class Told:
    """What was done, and where people read it."""

    done: Done
    address: str = ""


def comment(environment: Mapping[str, str], name: str, files: Sequence[Path]) -> Told:
    """Writes the files, in their order, as the comment about this environment. Raises GP953 and GP954."""
    forge = forge_around(environment, proposed=True)
    body = comment_body(name, files, forge.longest)
    if not body:
        return Told("nothing")
    try:
        old = next((one for one in forge.comments() if one.body.startswith(_marker(name))), None)
        return _written(forge, body, old)
    except RefusedError as error:
        raise _refused(error) from None


def comment_body(name: str, files: Sequence[Path], longest: int) -> str:
    """The comment about an environment, of at most `longest` characters; empty where the files say nothing."""
    texts = [text for text in map(_text, files) if text]
    return fitted([f"{_marker(name)}\n## {name}", *texts], longest) if texts else ""


def _marker(name: str) -> str:
    return f"<!-- groundplan:comment:{name} -->"


def issue(environment: Mapping[str, str], name: str, files: Sequence[Path]) -> Told:
    """Opens or updates the issue about drift of this environment, and closes it where the files are empty."""
    forge = forge_around(environment, proposed=False)
    marker = f"<!-- groundplan:drift:{name} -->"
    texts = [text for text in map(_text, files) if text]
    try:
        old = next((one for one in forge.issues() if one.body.startswith(marker)), None)
        if texts:
            body = fitted([marker, *texts], forge.longest)
            address = forge.write_issue(f"Drift in {name}", body, old)
            return Told("updated" if old else "written", address)
        if old is None:
            return Told("nothing")
        forge.close_issue(old, f"{name} is what its state and its folder say.")
        return Told("closed")
    except RefusedError as error:
        raise _refused(error) from None


def fitted(parts: Sequence[str], longest: int) -> str:
    """The parts one after another; of the one that does not fit what does, with what it opens closed."""
    kept: list[str] = []
    room = longest
    for part in parts:
        if len(part) + 2 <= room:
            kept.append(part)
            room -= len(part) + 2
            continue
        if room > 2 * _ROOM:
            kept.append(_cut(part, room - _ROOM))
        kept.append("The rest is too long for here: it is in the files of the job.")
        break
    return "\n\n".join(kept)


def _cut(text: str, longest: int) -> str:
    lines, room = [], longest
    for line in text.split("\n"):
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    kept = "\n".join(lines)
    fence = "\n```" if sum(line.startswith("```") for line in lines) % 2 else ""
    opened = kept.count("<details>") - kept.count("</details>")
    return kept + fence + "\n\n</details>" * max(0, min(opened, 20))


def _written(forge: Forge, body: str, old: Post | None) -> Told:
    """In the place of the old one, or as a new one where that is not this token's to change."""
    try:
        return Told("updated" if old else "written", forge.write_comment(body, old))
    except RefusedError as error:
        if old is None or error.status not in _GONE:
            raise
    return Told("written", forge.write_comment(body, None))


def _text(file: Path) -> str:
    """Its text without what hides or turns text; empty where there is no such file."""
    try:
        text = read_regular(file, limit_bytes=FILE_BYTES, within=file.parent).decode("utf-8", errors="replace")
    except UnreadableError as error:
        if error.missing:
            return ""
        raise DiagnosticsError([Diagnostic("GP101", f"cannot read {file}: {error.reason}")]) from None
    return _MARKERS.sub("<!-- ", _UNSHOWN.sub("", text)).strip()


def _refused(error: RefusedError) -> DiagnosticsError:
    hint = "the token of the job may not write it: see docs/pipelines.md"
    return stopped("GP953", f"refused with {error.status}: {error}", hint)
