"""GP903: the same code may plan differently tomorrow because a provider was released."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.hcl import strict

_EXACT = re.compile(r"=?\s*\d+\.\d+\.\d+(-[\w.]+)?")


class ProviderPin(Rule):
    """A root asks for a range of versions of a provider, or for none."""

    code = "GP903"
    remedy = 'pin it in the root, e.g. `version = "6.69.1"`; ranges belong in modules'

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at every `required_providers` of every root, those of override files and of JSON too."""
        for root, blocks in subject.root_blocks():
            settings = (inner for block in blocks if block.type == "terraform" for inner in block.blocks)
            for block in settings:
                if block.type != "required_providers":
                    continue
                for name, provider in block.attributes.items():
                    version = _version(provider.value)
                    if version is None:
                        yield Violation(f"provider {name} has no version", root, place=provider.place)
                    elif not _EXACT.fullmatch(version):
                        message = f'provider {name} may be any version "{version}"'
                        yield Violation(message, root, place=provider.place)


def _version(requirement: str) -> str | None:
    """The version that `{ source = …, version = … }` asks for, not one that a comment speaks of."""
    try:
        tokens = strict.read(f"value = {requirement}\n").body.attributes[0].tokens
    except strict.UncertainError:
        return None
    if len(tokens) == 1:
        return strict.literal(tokens)
    keys = (index for index, token in enumerate(tokens) if "version" in (token.text, strict.literal([token])))
    return next((strict.literal(tokens[index + 2 : index + 3]) for index in keys), None)
