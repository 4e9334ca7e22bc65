"""Whether a release is told of a service account, so that its chart may grant it something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from groundplan.access.model import Given
from groundplan.change.access.charts import parsed
from groundplan.change.access.values import blocks, text, texts

_RIGHTS = re.compile(r"service_?account|subject|rbac|role_?binding", re.IGNORECASE)
"""What the path of a value, or the value itself, speaks of where a chart is told whom it binds."""


def speaks_of(release: Given, account: str) -> bool:
    """Whether values of a release name a service account where they are about accounts or bindings."""
    name = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(account)}(?![A-Za-z0-9-])")
    return any(name.search(value) and _RIGHTS.search(f"{path} {value}") for path, value in _told(release))


def _told(release: Given) -> Iterator[tuple[str, str]]:
    """Values by their paths; those that cannot be read as they are written."""
    for one in texts(release.values, "values"):
        values = parsed(one)
        yield from _leaves("", one if values is None else values)
    for block in (*blocks(release.values, "set"), *blocks(release.values, "set_list")):
        yield from _leaves(text(block, "name"), block.get("value"))


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(f"{path}.{key}", one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(path, one)
    elif value is not None:
        yield path, str(value)
