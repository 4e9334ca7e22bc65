"""GP901: a password, token or key is written down where it will be committed."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.rules.base import Resource, Rule, Subject, Violation
from groundplan.check.rules.constants import Scope, literal_length
from groundplan.check.rules.secret_names import SHORTEST, holds_secrets
from groundplan.check.rules.secret_values import secrets_in
from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Attribute, Block


class SecretLiteral(Rule):
    """A value made of literals under a name that holds secrets, in the source or in a plan."""

    code = "GP901"
    remedy = "let the service or an ephemeral resource make it, and pass it on through a write-only argument"

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at source and at planned values, which have what is put together by functions and modules.

        What refers to a resource, a data source, a variable without a value or something ephemeral is no literal. No
        message has the value.
        """
        written: set[Place] = set()
        for name, file in subject.sources.files.items():
            scope = Scope(subject.sources, name)
            for block in file.walk():
                for named, attribute in _suspects(block):
                    if literal_length(attribute.value, scope) >= SHORTEST:
                        written.add(attribute.place)
                        yield Violation(f"`{named}` is a literal", place=attribute.place)
        for resource in subject.planned():
            for path in secrets_in(resource.type, resource.values):
                if not _written(subject, resource, path, written):
                    yield Violation(f"`{path}` is known to the plan", resource.root, resource.address)
        yield from _outputs(subject)


def _suspects(block: Block) -> Iterator[tuple[str, Attribute]]:
    for attribute in block.attributes.values():
        default = block.type == "variable" and attribute.name == "default" and block.labels
        named = block.labels[-1] if default else attribute.name
        if holds_secrets(named):
            yield named, attribute


def _written(subject: Subject, resource: Resource, path: str, written: set[Place]) -> bool:
    """Whether the same argument was found in the source already."""
    chain, name = subject.sources.chain(resource.root, resource.address), path.rpartition(".")[2]
    found = (block.attributes.get(name) for block in (chain[-1].walk() if chain else ()))
    return any(attribute is not None and attribute.place in written for attribute in found)


def _outputs(subject: Subject) -> Iterator[Violation]:
    for root, plan in subject.plans.items():
        for name, change in plan.get("output_changes", {}).items():
            value = change.get("after")
            if isinstance(value, str) and len(value) >= SHORTEST and holds_secrets(name):
                yield Violation(f"output `{name}` is known to the plan", root)
