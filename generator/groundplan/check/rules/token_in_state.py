"""GP908: a data source reads a token, which Terraform then writes into the state."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.rules.base import Rule, Subject, Violation

_TOKENS = frozenset(
    {
        "aws_ecr_authorization_token",
        "aws_eks_cluster_auth",
        "google_client_config",
        "google_service_account_access_token",
        "google_service_account_id_token",
        "google_service_account_jwt",
    }
)
"""Data sources with a token among their attributes, whether somebody uses it or not."""


class TokenInState(Rule):
    """A data source whose result holds a token: whoever reads the state may use it until it expires."""

    code = "GP908"
    remedy = "use the ephemeral resource of the same name, or take what is needed from another data source"

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at every `data` block of roots and modules."""
        for file in subject.sources.files.values():
            for block in file.walk():
                if block.type == "data" and block.labels and block.labels[0] in _TOKENS:
                    yield Violation(f"`data.{'.'.join(block.labels)}` writes a token into the state", place=block.place)
