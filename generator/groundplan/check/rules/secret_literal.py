"""GP901: a password, token or key is written down where it will be committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.hcl.blocks import Attribute, Block

_NAME = re.compile(
    r"(^|_)(password|passwd|secret|secret_string|token|api_key|private_key|access_key|credentials)(_wo)?$"
)
_LITERAL = re.compile(r'"(?:[^"\\$%]|\\.)+"')
_SHORTEST = 4
"""Shorter words are modes and placeholders, not secrets."""


class SecretLiteral(Rule):
    """A string literal assigned to a name that holds secrets, also as the default of such a variable."""

    code = "GP901"
    remedy = "let the service or an ephemeral resource make it, and pass it on through a write-only argument"

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at `.tf` and `.tfvars` files; references, functions and templates are not literals."""
        for file in subject.sources.files.values():
            for block in file.walk():
                for attribute in _suspects(block):
                    if _LITERAL.fullmatch(attribute.value) and len(attribute.value) - 2 >= _SHORTEST:
                        named = block.labels[-1] if attribute.name == "default" else attribute.name
                        yield Violation(f"`{named}` is a literal", place=attribute.place)


def _suspects(block: Block) -> Iterator[Attribute]:
    for attribute in block.attributes.values():
        named = block.labels[-1] if block.type == "variable" and attribute.name == "default" else attribute.name
        if _NAME.search(named):
            yield attribute
