"""What confines a program that groundplan starts, as values."""

from __future__ import annotations

from dataclasses import dataclass

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Walls:
    """Which walls stand around every program started: what the tool named was shown to enforce on this machine."""

    tool: str
    """`bubblewrap`, `unshare`, or `none`."""
    network: bool = False
    """No network: not even the machine's own loopback."""
    processes: bool = False
    """No other process is seen, and none outlives the program."""
    files: bool = False
    """Only the interpreter, the system's libraries, and the folders of the task are there."""
    reason: str | None = None
    """Why some do not stand."""

    @property
    def complete(self) -> bool:
        """Whether all of them stand."""
        return self.network and self.processes and self.files


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use at most; whatever stands around it, these are enforced."""

    cpu_seconds: int = 900
    data_bytes: int = 4 * _GIB
    """Memory of its own, without what it maps from files; Go and Python both reserve more than they use."""
    address_bytes: int = 16 * _GIB
    file_bytes: int = _GIB
    """Length of any file that it writes."""
