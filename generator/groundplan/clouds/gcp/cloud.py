"""Google Cloud as groundplan sees it: limits, provider pins, state backend; the tables stand beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from groundplan.clouds.base import (
    Account,
    Backend,
    Cloud,
    NameLimit,
    NameRules,
    NetworkRules,
    SpotRules,
    StateFile,
    TerraformSetup,
)
from groundplan.clouds.gcp import load_catalog, load_prices
from groundplan.clouds.gcp.addresses import plan_addresses
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.facts import GPU_PARTS
from groundplan.clouds.gcp.nodes import allocatable


def _gcs_backend(state: StateFile) -> Backend:
    """Cloud Storage locks with an object of its own, and encrypts with the key of the bucket."""
    return Backend("gcs", {"bucket": state.bucket, "prefix": state.path.removesuffix("/terraform.tfstate")})


def _preparations(account: str) -> Sequence[str]:
    """What Terraform cannot do for itself, once for a project: the APIs that it turns others on with."""
    first = ["cloudresourcemanager", "serviceusage", "logging", "storage"]
    enable = " ".join(f"{api}.googleapis.com" for api in first)
    return [f"gcloud services enable {enable} --project {account}"]


GCP = Cloud(
    name="gcp",
    title="GCP",
    package="groundplan.clouds.gcp",
    account=Account(
        # https://docs.cloud.google.com/resource-manager/docs/creating-managing-projects
        pattern=r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
        hint="a project id of GCP: 6 to 30 lower-case letters, digits and hyphens, a letter first",
        example="example-project",
    ),
    example_region="us-central1",
    network=NetworkRules(
        id_pattern=r"projects/[a-z0-9:.-]+/global/networks/[a-z0-9-]+",
        subnet_pattern=r"projects/[a-z0-9:.-]+/regions/[a-z0-9-]+/subnetworks/[a-z0-9-]+",
        zonal_subnets=False,
        plan_addresses=plan_addresses,
    ),
    names=NameRules(
        limits={
            # https://docs.cloud.google.com/storage/docs/buckets#naming
            "bucket": NameLimit(
                "bucket name", 63, r"(?!goog|.*(google|g00gle|go0gle|g0ogle)).*", "do not call it after Google"
            ),
            # Nothing is named after a workload: its principal holds the namespace and the service account of the pool.
            "role": NameLimit("name of a workload's identity", 255),
            # GKE takes 40 characters: the module shortens names to that. Labels of nodes hold the whole name.
            # https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
            "node_group": NameLimit("node pool name", 63),
            "cluster": NameLimit("cluster name", 40),
            # https://docs.cloud.google.com/artifact-registry/docs/repositories/create-repos
            "repository": NameLimit(
                "repository name", 63, r"[a-z]([a-z0-9-]*[a-z0-9])?", "use lower-case letters, digits and hyphens"
            ),
        },
        path_separator="-",
        # https://docs.cloud.google.com/resource-manager/docs/labels-overview
        tag_pattern=r"[a-z0-9_-]{0,63}",
        tag_hint="lower-case letters, digits, _ and -, 63 at most",
    ),
    spot=SpotRules(
        # A GKE node pool has one machine type.
        types=1,
        # Of the machine's 30 seconds: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms
        grace_seconds=15,
    ),
    terraform=TerraformSetup(
        providers={"google": "8.7.0"},
        kubernetes_providers={"kubernetes": "3.4.0", "helm": "3.3.0"},
        further_providers={"google-beta": "8.7.0", "random": "3.9.1"},
        configured_alike=("google-beta",),
        remote_backend=_gcs_backend,
        templates=Path(__file__).parent / "templates",
        administrators="or be given `roles/container.admin` in the project",
        login="Its providers log in with one token for the whole run. It is good for an hour, longer than any rollout "
        "is waited for; where the machine's metadata server hands out an older token, a run may end with "
        "`Unauthorized`: apply again, which goes on from there",
        preparations=_preparations,
    ),
    load_catalog=load_catalog,
    load_prices=load_prices,
    allocatable=allocatable,
    gpu_parts=GPU_PARTS,
    # https://docs.cloud.google.com/kubernetes-engine/docs/concepts/release-channels
    extended_support={"release_channel": "EXTENDED"},
    billing=BILLING,
)
