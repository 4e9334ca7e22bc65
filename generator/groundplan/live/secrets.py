"""Values that nothing of a run may show: credentials of the operator, and what Terraform calls sensitive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from groundplan.masking import MASK, masked

_SHORTEST = 6
"""Characters of a value that is hidden wherever it stands: a shorter one is a part of other words."""
_NAME = re.compile(r"secret|token|password|passwd|credential|api_?key|private_?key", re.IGNORECASE)
_FILE = re.compile(r"[\w./~-]{0,200}/[\w./~-]{1,200}")
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)


class Secrets:
    """Grows while outputs and plans are read; hides what it knows in every text."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values: set[str] = set()
        self.learn(value for name, value in environment.items() if _NAME.search(name) and not _FILE.fullmatch(value))

    def learn(self, values: Iterable[object]) -> None:
        """Adds texts, and the texts inside what else there is."""
        for value in values:
            self._values.update(text for text in _texts(value) if len(text) >= _SHORTEST)

    def learn_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Adds the outputs that are marked sensitive, as `output -json` and a plan have them."""
        self.learn(
            each.get("value") for each in outputs.values() if isinstance(each, dict) and each.get("sensitive") is True
        )

    def learn_plan(self, plan: Mapping[str, Any]) -> None:
        """Adds what a plan, as `show -json` has it, marks as sensitive."""
        changes = [*_listed(plan, "resource_changes"), *_listed(plan, "resource_drift")]
        for change in (each.get("change") for each in changes if isinstance(each, dict)):
            self._learn_change(change)
        outputs = plan.get("output_changes")
        for change in outputs.values() if isinstance(outputs, dict) else ():
            self._learn_change(change)

    def _learn_change(self, change: object) -> None:
        if isinstance(change, dict):
            for side in ("before", "after"):
                self.learn(_sensitive(change.get(side), change.get(f"{side}_sensitive")))

    def hide(self, text: str) -> str:
        """The text without them, and without what looks like a secret."""
        for value in sorted((one for one in self._values if one in text), key=len, reverse=True):
            text = text.replace(value, MASK)
        return masked(_KEY.sub(MASK, text))


def _sensitive(value: object, marks: object) -> Iterator[object]:
    if marks is True:
        yield value
    elif isinstance(value, dict) and isinstance(marks, dict):
        for name, mark in marks.items():
            yield from _sensitive(value.get(name), mark)
    elif isinstance(value, list) and isinstance(marks, list):
        for each, mark in zip(value, marks, strict=False):
            yield from _sensitive(each, mark)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines() if "\n" in value else ()
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _listed(plan: Mapping[str, Any], key: str) -> list[Any]:
    value = plan.get(key)
    return value if isinstance(value, list) else []
