"""Runners on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.components.cluster.gcp import location_of
from groundplan.components.cluster.part import cluster_of
from groundplan.components.runner.part import runners_of
from groundplan.hcl.references import Template, Var
from groundplan.stack.layers import FOUNDATION, RUNNER
from groundplan.stack.model import Stack


class GcpRunner(CloudPart):
    """Runners on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Where the machines are, and keys by the names that the foundation gives them."""
        runners, cluster = runners_of(stack), cluster_of(stack)
        assert runners is not None, "there is a call because there are runners"
        assert cluster is not None, "a rule asks for one"
        suffix = stack.options.get("key_ring_suffix")
        name = ("projects/", Var("account_id"), "/locations/", Var("region"), "/keyRings/", Var("name"))
        ring = (*name, f"-{suffix}" if suffix else "", "/cryptoKeys/")
        return {
            "region": Var("region"),
            "cluster_location": location_of(cluster),
            "zones": list(cluster.zones),
            "machines": {
                "count": runners.count,
                "machine_type": runners.instance_type,
                "disk_gib": runners.disk_gib,
            },
            "kms_keys": {"disk": Template(*ring, "cluster"), "secret": Template(*ring, "database")},
        }

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """Where the token is."""
        return ("secretmanager",) if layer == FOUNDATION and runners_of(stack) else ()

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "machines": "a managed instance group in the cluster's subnet, each machine for one job",
            "way out": "the network's NAT, as its firewall says",
            "registration": "a token in Secret Manager that a person puts there",
        }

    def cautions(self, stack: Stack) -> Iterable[str]:
        """What the first job waits for."""
        if runners_of(stack):
            secret = f"{stack.name}-runner"
            yield (
                f"Runners wait for a token of GitHub in the secret `{secret}`; put it there after `{RUNNER}`: "
                f"`gcloud secrets versions add {secret} --project {stack.account} --data-file TOKEN`"
            )


PART = GcpRunner()
