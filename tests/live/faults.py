"""What goes wrong in the test cloud: a file that is read at every call, so that a test changes it at any time."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Fault:
    """What calls it meets and what it does to them.

    A provider is not told addresses, so `type` and `where` (arguments by their values) say which resource is meant.
    """

    kind: Literal["error", "hang", "slow", "crash"]
    """`hang` ends when the fault is taken out or Terraform stops the provider; `crash` ends the provider's process."""
    action: Literal["*", "create", "update", "delete", "read", "plan", "data", "import"] = "create"
    type: str = "*"
    where: Mapping[str, Any] = field(default_factory=dict)
    after: int = 0
    """So many calls go well first."""
    times: int | None = None
    """So many calls are met; None for all."""
    when: Literal["before", "after"] = "before"
    """Whether the object is changed first: `after` leaves what was made to a Terraform that does not learn of it."""
    delay_seconds: float = 0.0
    message: str = "the test cloud was told to fail"

    def meets(self, action: str, kind: str, values: Mapping[str, Any]) -> bool:
        """Whether it is about this call."""
        return (
            self.action in ("*", action)
            and self.type in ("*", kind)
            and all(values.get(name) == value for name, value in self.where.items())
        )


class FaultError(Exception):
    """What the cloud answers instead."""


class Faults:
    """The faults of a file, met in their order."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._mark = file.with_suffix(".hangs")
        self._calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.stopped = threading.Event()
        """Set when Terraform has asked the provider to stop, until the next one configures it."""

    def write(self, *faults: Fault) -> None:
        """What goes wrong from now on; nothing without any."""
        self._mark.unlink(missing_ok=True)
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps([asdict(fault) for fault in faults]), encoding="utf-8")
        draft.replace(self._file)

    def read(self) -> list[Fault]:
        """What goes wrong now."""
        try:
            return [Fault(**one) for one in json.loads(self._file.read_text("utf-8"))]
        except FileNotFoundError:
            return []

    def hangs(self) -> bool:
        """Whether a call that hangs has been met since the faults were written."""
        return self._mark.exists()

    def begin(self, action: str, kind: str, values: Mapping[str, Any]) -> list[Fault]:
        """The faults that a call meets, counted."""
        return [fault for fault in self.read() if fault.meets(action, kind, values) and self._due(fault)]

    def meet(self, faults: list[Fault], when: str) -> None:
        """Does what faults say; FaultError for the first that ends the call."""
        for fault in faults:
            if fault.when == when:
                self._do(fault)

    def _due(self, fault: Fault) -> bool:
        with self._lock:
            self._calls[repr(fault)] += 1
            number = self._calls[repr(fault)] - fault.after
        return number > 0 and (fault.times is None or number <= fault.times)

    def _do(self, fault: Fault) -> None:
        if fault.kind == "crash":
            os._exit(2)
        if fault.kind == "slow":
            time.sleep(fault.delay_seconds)
        elif fault.kind == "hang":
            self._hang(fault)
        else:
            raise FaultError(fault.message)

    def _hang(self, fault: Fault) -> None:
        self._mark.touch()
        while fault in self.read():
            if self.stopped.wait(_POLL_SECONDS):
                raise FaultError("stopped while it waited")
