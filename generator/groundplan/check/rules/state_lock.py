"""GP904: two people applying at once would overwrite each other's state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Block


class StateLock(Rule):
    """A root says nothing about where its state is, or keeps it in S3 without a lock."""

    code = "GP904"
    remedy = "name the backend in the root; with `s3`, set `use_lockfile = true` (a DynamoDB table is deprecated)"

    def check(self, subject: Subject) -> Iterator[Violation]:
        """The other remote backends lock by themselves: https://developer.hashicorp.com/terraform/language/backend."""
        for root, blocks in subject.root_blocks():
            settings = [inner for block in blocks if block.type == "terraform" for inner in block.blocks]
            backends = [block for block in settings if block.type in ("backend", "cloud")]
            if not backends:
                message = "the root names no backend: its state is a local file by accident"
                yield Violation(message, root, place=_settings(blocks))
            for backend in backends:
                lock = backend.attributes.get("use_lockfile")
                if backend.labels == ("s3",) and (lock is None or lock.value != "true"):
                    yield Violation("the state in S3 is not locked", root, place=backend.place)


def _settings(blocks: Sequence[Block]) -> Place:
    """Where a backend would stand: in the `terraform` block, the one with the version first, or beside a provider."""
    settings = [block for block in blocks if block.type == "terraform"]
    versions = [block for block in settings if "required_version" in block.attributes]
    providers = [block for block in blocks if block.type == "provider"]
    return next(block.place for block in (*versions, *settings, *providers))
