"""The answers of a refresh that is not done: one line of JSON each, beside the book that they will be."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, cast

from groundplan import __version__
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.prices.book import PAYMENTS, Option, Payment
from groundplan.prices.fresh import KIND_OF, Answer, FreshPrice, Unmapped, Wanted
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, is_link, parse_json, read_regular

FORMAT = 1
SUFFIX = ".partial"
MOST_BYTES = 128 * MIB
"""Four times the book that all regions of a cloud come to."""
OURS = b'{"format": '
"""How the file of a survey starts, whatever version wrote it; one that was cut off may have less."""
RESUMABLE = timedelta(hours=24)
"""For so long after the first answer further ones are put to it; later prices may be others."""


@dataclass(slots=True)
class Partial:
    """The answers there are; a further one is in the file before `keep` returns."""

    path: Path
    head: Mapping[str, Any]
    started: datetime
    answers: dict[str, Answer] = field(default_factory=dict)
    _file: BinaryIO | None = None

    def keep(self, title: str, answer: Answer) -> None:
        """Appends an answer. Raises DiagnosticsError (GP403) where the disk does not take it."""
        self.answers[title] = answer
        try:
            if self._file is None:
                self._file = _opened(self.path)
                if self._file.tell() == 0:
                    self._write(_head_line(self.head, self.started))
            self._write(_answer_line(title, answer))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise DiagnosticsError([Diagnostic("GP403", f"cannot write {self.path}: {reason}")]) from None

    def close(self) -> None:
        """Leaves the file where it is."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def drop(self) -> None:
        """Removes the file: the answers are in the book."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _write(self, line: bytes) -> None:
        assert self._file is not None
        self._file.write(line)
        self._file.flush()


def partial_of(book: Path, cloud: str, wanted: Wanted, *, anew: bool = False) -> Partial:
    """The answers beside `book` to the same survey, begun less than a day ago; none of another survey, or `anew`."""
    path = book.with_name(book.name + SUFFIX)
    head = _head(cloud, wanted)
    _refuse_foreign(path)
    read = None if anew or is_link(path) else _read(path, head, wanted.now)
    try:
        if read is None:
            path.unlink(missing_ok=True)
            return Partial(path, head, wanted.now)
        started, answers, size = read
        with path.open("r+b") as file:
            file.truncate(size)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {reason}")]) from None
    return Partial(path, head, started, answers)


def _refuse_foreign(path: Path) -> None:
    """Raises DiagnosticsError (GP403) for a file that no survey has begun: it would be lost. A link alone is none."""
    if is_link(path) or not os.path.lexists(path):
        return
    try:
        with path.open("rb") as file:
            start = file.read(len(OURS)) if path.is_file() else b"none"
    except OSError as error:
        raise _unwritable(path, (error.strerror or str(error)).lower()) from None
    if not OURS.startswith(start):
        raise _unwritable(path, "the file that is there holds no answers of a refresh; move it away")


def _unwritable(path: Path, why: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {why}")])


def _opened(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    file = os.fdopen(os.open(path, flags, 0o666), "ab")
    file.seek(0, os.SEEK_END)
    return file


def _head(cloud: str, wanted: Wanted) -> dict[str, Any]:
    """What the survey asks for: answers to another one are none to this."""
    return {
        "format": FORMAT,
        "groundplan": __version__,
        "cloud": cloud,
        "regions": sorted((*wanted.regions, *wanted.places)),
        "kinds": sorted(wanted.kinds),
        "items": sorted(wanted.patterns),
    }


def _head_line(head: Mapping[str, Any], started: datetime) -> bytes:
    return json.dumps({**head, "started": started.isoformat()}).encode() + b"\n"


def _answer_line(title: str, answer: Answer) -> bytes:
    prices = [_cells(price) for price in answer.prices]
    unmapped = [[one.item, one.reason, one.region, one.ambiguous] for one in answer.unmapped]
    return json.dumps({"question": title, "prices": prices, "unmapped": unmapped}).encode() + b"\n"


def _cells(price: FreshPrice) -> list[Any]:
    amounts = (price.usd, price.usd_low, price.usd_high, price.upfront_usd)
    return [
        *(price.region, price.item, price.option, price.unit, price.source, price.payment, price.sku),
        *(None if amount is None else str(amount) for amount in amounts),
        *(price.tier_from, price.rank, price.as_of and price.as_of.isoformat()),
    ]


def _price(cells: Any) -> FreshPrice:
    """Raises ValueError, TypeError or InvalidOperation for what was not written here."""
    region, item, option, unit, source, payment, sku, usd, low, high, upfront, tier, rank, day = cells
    if option not in KIND_OF or payment not in (None, *PAYMENTS):
        raise ValueError(option)
    return FreshPrice(
        region=str(region),
        item=str(item),
        option=cast(Option, option),
        unit=str(unit),
        source=str(source),
        usd=_amount(usd),
        usd_low=None if low is None else _amount(low),
        usd_high=None if high is None else _amount(high),
        payment=cast("Payment | None", payment),
        upfront_usd=_amount(upfront),
        tier_from=int(tier),
        sku=str(sku),
        rank=int(rank),
        as_of=None if day is None else date.fromisoformat(day),
    )


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite() or amount < 0:
        raise ValueError(text)
    return amount


def _read(path: Path, head: Mapping[str, Any], now: datetime) -> tuple[datetime, dict[str, Answer], int] | None:
    """When the survey began, its answers, and up to where the file is whole; None for a file of anything else."""
    try:
        lines = read_regular(path, limit_bytes=MOST_BYTES).split(b"\n")
        first = parse_json(lines[0].decode())
        started = datetime.fromisoformat(first.pop("started"))
        if first != head or not now - RESUMABLE <= started <= now:
            return None
        answers = dict(_answer(line) for line in lines[1:-1])
    except (UnreadableError, MalformedJSONError, InvalidOperation, ValueError, TypeError, KeyError, AttributeError):
        return None
    return started, answers, sum(len(line) + 1 for line in lines[:-1])


def _answer(line: bytes) -> tuple[str, Answer]:
    said = parse_json(line.decode())
    unmapped = tuple(
        Unmapped(str(item), str(reason), str(region), bool(several))
        for item, reason, region, several in said["unmapped"]
    )
    return str(said["question"]), Answer(tuple(map(_price, said["prices"])), unmapped)
