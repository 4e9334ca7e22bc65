"""Reading what comes with a pull request: regular files of bounded size, never from outside a folder, and JSON."""

from __future__ import annotations

import gc
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KIB, MIB = 1024, 1024 * 1024


class UnreadableError(Exception):
    """Why a file was not read, as the end of `cannot read FILE: `."""

    def __init__(self, reason: str, *, missing: bool = False, too_large: bool = False) -> None:
        self.reason = reason
        self.missing = missing
        self.too_large = too_large
        super().__init__(reason)


def read_regular(path: Path, *, limit_bytes: int, within: Path | None = None) -> bytes:
    """The content of a regular file of at most `limit_bytes`; never waits for a pipe or a device.

    With `within`, a path that leads out of that folder, by `..` or by a link, is refused and not opened. Raises
    UnreadableError.
    """
    try:
        if within is not None and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(within)):
            raise UnreadableError(f"it leads out of {within}")
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UnreadableError("no such file", missing=True) from None
    except PermissionError:
        raise UnreadableError("no permission to read it") from None
    except OSError as error:
        raise UnreadableError((error.strerror or "it cannot be opened").lower()) from None
    except ValueError:
        raise UnreadableError("the path contains a NUL character") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableError("is a folder")
        if not stat.S_ISREG(mode):
            raise UnreadableError("is not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(limit_bytes + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit_bytes:
        raise UnreadableError(f"larger than {size(limit_bytes)}", too_large=True)
    return data


def read_named(path: Path, *, limit_bytes: int) -> bytes:
    """A file that a command names, read as `read_regular` does; a link leads below the folder above its own at most.

    That is as far as a spec reaches (docs/decisions/extends.md): what comes with a pull request may be a link to
    anything of the machine, and findings show lines of what they are about. Raises UnreadableError.
    """
    if is_link(path):
        own = Path(os.path.realpath(path.parent))
        above = own.parent if own.parent != own.parent.parent else own
        if not Path(os.path.realpath(path)).is_relative_to(above):
            raise UnreadableError("is a link that leads further than the folder above its own")
    return read_regular(path, limit_bytes=limit_bytes)


def is_file(path: Path) -> bool:
    """Whether a regular file is there; a name that no file can have is none (before Python 3.14, pathlib raises)."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_link(path: Path) -> bool:
    """Whether a link is there, wherever it leads; as forgiving as `is_file`."""
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def size(count: int) -> str:
    """A limit in bytes in the largest unit that divides it: `256 KiB`, `50 MiB`."""
    if count % MIB == 0:
        return f"{count // MIB} MiB"
    return f"{count // KIB} KiB" if count % KIB == 0 else f"{count} bytes"


class MalformedJSONError(Exception):
    """Why a text is not JSON that can be trusted, and where: line and column count from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        self.reason, self.line, self.column = reason, line, column
        super().__init__(reason)


MOST_VALUES = 4_000_000
"""In one JSON text: those of a plan of 60 MB. The smallest take 60 times their text in memory."""
_LONG_NUMBER = re.compile(r'"(?:[^"\\]++|\\.)*"|([0-9]{4000,})', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""An escape of a string: a pair of surrogates, half of one as the only group, or any other."""


def parse_json(text: str) -> Any:
    """What a JSON text says. Raises MalformedJSONError for what is none, and for what has no use but to do harm.

    That is: a key given twice in an object, of which the last would win unseen; NaN and infinities; half of a
    surrogate pair, which no output can hold; whole numbers of thousands of digits; nesting that no program writes;
    and more than `MOST_VALUES` values.
    """
    if sum(map(text.count, "[{,")) > MOST_VALUES:
        raise MalformedJSONError(f"more than {MOST_VALUES:,} values")
    if _SURROGATE.search(text):
        _refuse_half_surrogates(text)
    try:
        with without_collections():
            return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise MalformedJSONError(f"not JSON: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise MalformedJSONError("nested too deeply") from None
    except ValueError:  # https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation
        starts = (match.start() for match in _LONG_NUMBER.finditer(text) if match[1])
        raise _malformed("a number of thousands of digits", text, next(starts, 0)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise MalformedJSONError(f"`{twice[:100]}` is given twice in one object")
    return made


def _no_number(name: str) -> Any:
    raise MalformedJSONError(f"not JSON: {name} is no number")


def _refuse_half_surrogates(text: str) -> None:
    for match in _HALF.finditer(text):
        if match[1]:
            raise _malformed(f"half of a surrogate pair, \\{match[1]}", text, match.start())


def _malformed(reason: str, text: str, index: int) -> MalformedJSONError:
    return MalformedJSONError(reason, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


@contextmanager
def without_collections() -> Iterator[None]:
    """Without looking for cycles: values of a text have none, and in a large one the search takes most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
