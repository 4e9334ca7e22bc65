"""Paths that certainly stay in the folder: what may be read is proved from the text of the call alone."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.hcl.strict import Call, Sequence, Token, literal

_PATTERN = re.compile(r"(?:[\w.*?/ -]|\[[\w-]+\]|\{\w[\w-]*(?:,\w[\w-]*)*\})*", re.ASCII)
"""Patterns of `fileset` in which nothing but `..` is `..`: braces with a choice of nothing could make it."""
_VARIES = "the path varies by more than a `basename()` at its end"
_FOLDERS: Mapping[tuple[str, ...], bool] = {
    ("path", ".", "module"): False,
    ("path", ".", "root"): True,
    ("path", ".", "cwd"): True,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """A path as a call writes it: from the folder of the module or of any root, and what stands around a name in it.

    `before` begins with `./`; `after` is given when a name that varies stands between the two.
    """

    of_root: bool
    before: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A path inside the folder; with a name that varies, what the name begins and ends with."""

    of_root: bool
    folder: str
    prefix: str = ""
    suffix: str | None = None

    @property
    def varies(self) -> bool:
        """Whether it stands for several files."""
        return self.suffix is not None


def reach(call: Call, *, trusted: bool) -> Reach | str:
    """The path that a call reads, or why that is not certain; `trusted` says that `path.module` means what it says."""
    if call.name == "templatestring":
        return "it evaluates a text that nobody has seen"
    path = _path(call, trusted=trusted)
    if call.name == "fileset" and isinstance(path, Reach) and not _plain_pattern(call):
        return "the pattern may lead out of the folder"
    return path


def _path(call: Call, *, trusted: bool) -> Reach | str:
    tokens = [token for token in (call.arguments or [[]])[0] if token.kind not in ("nl", "end")]
    if _words(tokens) in _FOLDERS:
        return _reach([Sequence(False, False, tokens)], trusted=trusted)
    if len(tokens) != 1 or tokens[0].kind != "str":
        return "the path is not a plain string"
    return _reach(list(tokens[0].parts), trusted=trusted)


def _reach(parts: list[str | Sequence], *, trusted: bool) -> Reach | str:
    of_root, start = True, "./"
    if any(isinstance(part, Sequence) and part.trims for part in parts):
        return _VARIES
    if parts and isinstance(parts[0], Sequence):
        words = _words(parts[0].tokens)
        of_root = _FOLDERS.get(words, True)
        if words not in _FOLDERS or parts[0].control:
            return _VARIES
        if not trusted:
            return "`path` may have another meaning here"
        parts, start = parts[1:], "."
        if parts and not (isinstance(parts[0], str) and parts[0].startswith("/")):
            return _VARIES
    elif not parts or str(parts[0]).startswith(("/", "~")):
        return "the path is not relative"
    return _around(parts, start, of_root=of_root)


def _around(parts: list[str | Sequence], start: str, *, of_root: bool) -> Reach | str:
    varying = [index for index, part in enumerate(parts) if isinstance(part, Sequence)]
    cut = varying[0] if varying else len(parts)
    before = unicodedata.normalize("NFC", start + "".join(str(part) for part in parts[:cut]))
    if not before.isprintable():
        return "the path has control characters"
    if not varying:
        return Reach(of_root, before)
    after = "".join(str(part) for part in parts[cut + 1 :])
    if len(varying) > 1 or not _is_basename(parts[cut]) or "/" in after or before.endswith("/.."):
        return _VARIES
    ascii_alone = (before.rpartition("/")[2] + after).isascii()
    return Reach(of_root, before, after) if ascii_alone and after.isprintable() else "the name is not of ASCII alone"


def inside(path: Reach, folder: str) -> Target | None:
    """Where a path leads that is written in a file in `folder`; nothing if that is outside."""
    base = "" if path.of_root else folder
    head, _, prefix = path.before.rpartition("/") if path.after is not None else (path.before, "", "")
    target = posixpath.normpath(posixpath.join(base, head or "."))
    return None if leaves(target) else Target(path.of_root, target, prefix, path.after)


def candidates(top: Path, root: str, target: Target) -> list[str]:
    """The files that a path can stand for, by their names relative to `top`.

    `basename` gives `/` for a path of slashes alone: then what was the beginning of a name is a folder. Names are
    compared without case, and with marks apart from their letters: a file system may do the first, Terraform joins
    marks to what stands before them.
    """
    folder = posixpath.normpath(posixpath.join(root, target.folder))
    if leaves(folder):
        return []
    if not target.varies:
        return [folder]
    prefix, suffix = target.prefix.casefold(), (target.suffix or "").casefold()
    names = [name for name in _names(top / folder) if _apart(name).startswith(prefix) and _apart(name).endswith(suffix)]
    if target.prefix:
        names.append(f"{target.prefix}/{target.suffix or ''}")
    return [posixpath.normpath(posixpath.join(folder, name)) for name in names]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        return []


def _apart(name: str) -> str:
    return unicodedata.normalize("NFD", name.casefold())


def leaves(path: str) -> bool:
    """Whether a normalised path is not below where it starts."""
    return path == ".." or path.startswith(("../", "/"))


def _words(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens if token.kind not in ("nl", "end"))


def _is_basename(part: str | Sequence) -> bool:
    """Whether a sequence is one call of `basename` and nothing else."""
    tokens = [t for t in part.tokens if t.kind not in ("nl", "end")] if isinstance(part, Sequence) else []
    if len(tokens) < 4 or isinstance(part, str) or part.control or _words(tokens[:2]) != ("basename", "("):
        return False
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind == "op":
            depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth == 0 and index > 0:
            return index == len(tokens) - 1
    return False


def _plain_pattern(call: Call) -> bool:
    pattern = literal(call.arguments[1]) if len(call.arguments) == 2 else None
    if pattern is None or _PATTERN.fullmatch(pattern) is None:
        return False
    return not pattern.startswith("/") and ".." not in pattern.split("/")
