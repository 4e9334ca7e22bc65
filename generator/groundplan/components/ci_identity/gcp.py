"""Identities of the pipeline on Google Cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from groundplan.clouds.gcp.preflight.requirements import permissions
from groundplan.components.base import Arguments, Aspects, Note
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci_identity.component import CiIdentityPart, signed
from groundplan.components.ci_identity.taken import permissions_for
from groundplan.components.ci_identity.tokens import Claims, Tokens
from groundplan.hcl.write import Value
from groundplan.stack.layers import IDENTITY
from groundplan.stack.model import Stack

DATA = frozenset({"secretmanager.versions.access", "storage.objects.get", "storage.objects.list"})
"""What only looks and is data all the same."""
COMMANDS = frozenset({"compute.disks.list", "compute.forwardingRules.list", "container.clusters.get"})
"""What groundplan calls beside Terraform: the way to the cluster's API, and what a destroy would leave."""
GRANTS = ("roles/artifactregistry.reader", "roles/container.admin", "roles/container.defaultNodeServiceAccount")
"""Roles that modules of the environment give in the project."""
NAMES = {"github": "'github:' + assertion.repository_id + ':' + assertion.run_id"}
"""What a job is called in logs, where its subject may be longer than the 127 bytes that Google takes."""
_LOOKS = re.compile(r"\.(get|list)[A-Za-z]*$")


class GcpCiIdentity(CiIdentityPart):
    """Identities of the pipeline on Google Cloud."""

    def trusts(self, stack: Stack, tokens: Sequence[Tokens]) -> Arguments:
        """Every claim can be compared; a provider lets in what has its numbers, and those of a Jenkins by their job."""
        return {
            "issuers": {
                one.system: {
                    "url": one.issuer,
                    **({"subject": NAMES[one.system]} if one.system in NAMES else {}),
                    **({"claims": _values(one.always)} if one.always else {"jobs": one.jobs}),
                }
                for one in tokens
            },
            "trusts": {
                "plan": [{"issuer": one.system, **_claims(one.plan), **_branches(one)} for one in tokens],
                "apply": [{"issuer": one.system, **_claims(one.apply)} for one in tokens],
            },
        }

    def permissions(self, stack: Stack, read: Sequence[str], applied: Sequence[str]) -> Arguments:
        """Permissions by whether they only look; grants in the project are held to what the modules give."""
        taken = permissions_for(applied, permissions())
        write = [one for one in taken if not looks(one) and one not in DATA]
        granting = "resourcemanager.projects.setIamPolicy" in write
        return {
            "permissions": {
                "read": sorted({*filter(looks, permissions_for(read, permissions())), *COMMANDS}),
                "write": write,
                **({"grants": list(GRANTS)} if granting else {}),
            }
        }

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What tokens are exchanged by."""
        return ("iamcredentials", "sts") if layer == IDENTITY else ()

    def notes(self, stack: Stack) -> Iterable[Note]:
        """The names of an environment hold nobody there."""
        words = "the project is the border of what an apply may do; names are not"
        yield Note("part", words, ("ci",) if signed(stack) else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "identity": "Workload Identity Federation: service accounts plan and apply",
            "who is told apart by": "ids of repository or project, branch, environment and workflow",
            "what an apply may do": "permissions of the resources, in the whole project",
        }

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Pools stay a while."""
        pipeline = pipeline_of(stack)
        if pipeline and signed(stack):
            yield (
                "The names of identity pools, their providers and custom roles are taken for 30 days and more after a "
                "destroy: undelete them, or take another name for the environment"
            )


def looks(permission: str) -> bool:
    """Whether a permission reads settings and no data: https://docs.cloud.google.com/iam/docs/roles-permissions."""
    return bool(_LOOKS.search(permission)) and permission not in DATA


def _values(claims: Claims) -> dict[str, Value]:
    return {claim: list(values) for claim, values in sorted(claims.items())}


def _claims(claims: Claims) -> dict[str, Value]:
    return {"claims": _values(claims)} if claims else {}


def _branches(tokens: Tokens) -> dict[str, Value]:
    """Of a Jenkins; elsewhere the provider's own claims hold every branch."""
    return {} if tokens.always else {"branches": list(tokens.branches)}


PART = GcpCiIdentity()
