"""GP906: the folder does not stand alone, or holds code that was not scanned."""

from __future__ import annotations

import os
from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.diagnostics import Severity


class ModuleSource(Rule):
    """A module comes from a registry, a repository or a path that leaves the folder."""

    code = "GP906"
    remedy = "keep a copy of the module in the folder and call it by a relative path"

    def check(self, subject: Subject) -> Iterator[Violation]:
        """An error in a rendered environment; elsewhere a warning, since shared modules are ordinary there."""
        severity = Severity.ERROR if subject.rendered else Severity.WARNING
        for name, file in subject.sources.files.items():
            for block in file.blocks:
                source = block.attributes.get("source")
                if block.type != "module" or source is None:
                    continue
                text = source.value.strip('"')
                local = text.startswith(("./", "../"))
                target = os.path.normpath(os.path.join(os.path.dirname(name), text))  # noqa: PTH118, PTH120 text only
                if not local or target.startswith(".."):
                    what = "leaves the folder" if local else "is fetched when Terraform runs"
                    message = f"module {block.labels[0]}: source {text} {what}"
                    yield Violation(message, place=source.place, severity=severity)
