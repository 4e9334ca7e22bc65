"""Reading a user's price book from disk."""

from __future__ import annotations

from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.prices.csv_book import read_csv
from groundplan.prices.model import UserBook
from groundplan.reading import KIB, MIB, UnreadableError, read_named, size

MAX_BYTES = {".yaml": 256 * KIB, ".yml": 256 * KIB, ".csv": 32 * MIB}
"""Sizes a book may have, by suffix; the refreshed prices of all regions of a cloud are a tenth of it."""


def read_book(path: Path) -> list[UserBook]:
    """What a `.yaml` or `.csv` file says, a book for each cloud it names; raises DiagnosticsError."""
    limit = MAX_BYTES.get(path.suffix)
    if limit is None:
        raise _unreadable(path, "is neither .yaml nor .csv", "`groundplan prices refresh` writes a .csv")
    text = _text(path, limit)
    if path.suffix == ".csv":
        return read_csv(text, str(path))
    from groundplan.prices.yaml_book import read_yaml

    return [read_yaml(text, str(path))]


def _text(path: Path, limit: int) -> str:
    """The text of a regular file; never blocks on a pipe or device."""
    try:
        data = read_named(path, limit_bytes=limit)
    except UnreadableError as error:
        if error.too_large:
            message = f"{path} is larger than {size(limit)}"
            raise DiagnosticsError([Diagnostic("GP105", message, place=Place(str(path), 1))]) from None
        raise _unreadable(path, f"cannot be read: {error.reason}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        place = Place(str(path), before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise DiagnosticsError([Diagnostic("GP102", message, hint="save the file as UTF-8", place=place)]) from None


def _unreadable(path: Path, why: str, hint: str | None = None) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP101", f"price book {path} {why}", hint=hint)])
