"""Work of groundplan's own that is done while Terraform works, which is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Meanwhile(Generic[T]):
    """A value that is made once, in a thread: from when it is begun, or else when it is asked for."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: Future[T] | None = None

    def begin(self) -> None:
        """Begins to make it, unless it is being made."""
        self._future()

    def __call__(self) -> T:
        """The value, as soon as it is made; raises what kept it from being made."""
        return self._future().result()

    def _future(self) -> Future[T]:
        if self._made is None:
            pool = ThreadPoolExecutor(max_workers=1)
            self._made = pool.submit(self._make)
            pool.shutdown(wait=False)
        return self._made


def side_by_side(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """What both give, each asked while the other waits; raises what the first of them raises, when both have ended."""
    made = Meanwhile(one)
    made.begin()
    try:
        second = other()
    finally:
        first = made()
    return first, second
