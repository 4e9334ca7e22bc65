"""Identities of the pipeline on Google Cloud."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from groundplan.clouds.gcp.preflight.requirements import permissions
from groundplan.components.base import Arguments, Aspects, Note
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci_identity.component import CiIdentityPart
from groundplan.components.ci_identity.names import gcp_account
from groundplan.components.ci_identity.taken import permissions_for
from groundplan.components.ci_identity.tokens import Claims, Tokens, signed
from groundplan.components.cluster.gcp import location_of
from groundplan.components.cluster.part import cluster_of, has_dns_endpoint
from groundplan.components.needs import RunsAs
from groundplan.hcl.write import Value
from groundplan.stack.layers import IDENTITY
from groundplan.stack.model import Stack

DATA = frozenset({"secretmanager.versions.access", "storage.objects.get", "storage.objects.list"})
"""What only looks and is data all the same."""
COMMANDS = frozenset({"compute.disks.list", "compute.forwardingRules.list", "container.clusters.get"})
"""What groundplan calls beside Terraform: the way to the cluster's API, and what a destroy would leave."""
ACT_AS = "iam.serviceAccounts.actAs"
"""Given on accounts instead of in the project."""
GRANTS = ("roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount")
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
                "drift": [{"issuer": one.system, **_claims(one.merged)} for one in tokens],
                "apply": [{"issuer": one.system, **_claims(one.apply)} for one in tokens],
            },
        }

    def permissions(self, stack: Stack, read: Sequence[str], applied: Sequence[str]) -> Arguments:
        """Permissions by whether they only look; grants in the project are held to what the modules give."""
        taken = permissions_for(applied, permissions())
        write = [one for one in taken if not looks(one) and one not in DATA and one != ACT_AS]
        granting = "resourcemanager.projects.setIamPolicy" in write
        return {
            "permissions": {
                "read": sorted({*filter(looks, permissions_for(read, permissions())), *COMMANDS}),
                "write": write,
                **({"grants": list(GRANTS)} if granting else {}),
            }
        }

    def further(self, stack: Stack) -> Arguments:
        """Where the cluster is that an apply administers, and the accounts that it acts as."""
        cluster, accounts = cluster_of(stack), stack.needed(RunsAs)
        return {
            **({"cluster_location": location_of(cluster)} if cluster else {}),
            **({"cluster_dns_endpoint": True} if has_dns_endpoint(cluster) else {}),
            **({"run_as": {one.account: _described(one) for one in accounts}} if accounts else {}),
        }

    def everywhere(self, stack: Stack) -> Arguments:
        """The accounts are there before the modules that run as them."""
        return {"account_exists": True} if signed(stack) else {}

    def reader(self, stack: Stack) -> Arguments:
        """The account, whose tokens of Google's provider have its address.

        https://docs.cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
        """
        return {"kind": "User", "name": gcp_account(stack, "drift")}

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
            "identity": "Workload Identity Federation: service accounts plan, drift, apply",
            "who is told apart by": "ids of repository or project, branch, environment and workflow",
            "what an apply may do": "permissions of the resources, in the whole project, as the environment's accounts",
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


def _described(account: RunsAs) -> dict[str, Value]:
    further: dict[str, Value] = {"description": account.description} if account.description else {}
    return {"display_name": account.display_name, **further}


def _values(claims: Claims) -> dict[str, Value]:
    return {claim: list(values) for claim, values in sorted(claims.items())}


def _claims(claims: Claims) -> dict[str, Value]:
    return {"claims": _values(claims)} if claims else {}


def _branches(tokens: Tokens) -> dict[str, Value]:
    """Of a Jenkins; elsewhere the provider's own claims hold every branch."""
    return {} if tokens.always else {"branches": list(tokens.branches)}


PART = GcpCiIdentity()
