"""GP903: the same code may plan differently tomorrow because a provider was released."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation

_VERSION = re.compile(r'version\s*=\s*"([^"]*)"')
_EXACT = re.compile(r"=?\s*\d+\.\d+\.\d+(-[\w.]+)?")


class ProviderPin(Rule):
    """A root asks for a range of versions of a provider, or for none."""

    code = "GP903"
    remedy = 'pin it in the root, e.g. `version = "6.69.1"`; ranges belong in modules'

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at `required_providers` of every root."""
        for root, blocks in subject.root_blocks():
            settings = (inner for block in blocks if block.type == "terraform" for inner in block.blocks)
            for block in settings:
                if block.type != "required_providers":
                    continue
                for name, provider in block.attributes.items():
                    version = _VERSION.search(provider.value)
                    if not version:
                        yield Violation(f"provider {name} has no version", root, place=provider.place)
                    elif not _EXACT.fullmatch(version.group(1)):
                        message = f'provider {name} may be any version "{version.group(1)}"'
                        yield Violation(message, root, place=provider.place)
