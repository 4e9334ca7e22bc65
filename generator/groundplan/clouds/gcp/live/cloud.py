"""A Google Cloud project as real runs ask it, with the credentials that Terraform takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from groundplan.clouds.gcp.live.imports import IMPORTS
from groundplan.clouds.gcp.live.rest import Endpoints, RefusedError, Rest, unanswered
from groundplan.clouds.gcp.live.store import GcsStore
from groundplan.live.cloud import Caller, ClusterAccess, Stray, no_plans_key, stopped

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKENS = "client.authentication.k8s.io/v1beta1"
ENDPOINTS = {
    "storage": ("GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"),
    "projects": ("GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT",),
    "compute": ("GOOGLE_COMPUTE_CUSTOM_ENDPOINT",),
    "container": ("GOOGLE_CONTAINER_CUSTOM_ENDPOINT",),
}
"""Where Terraform's backend and provider are led elsewhere: https://developer.hashicorp.com/terraform/language/backend/gcs,
https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#endpoints"""
CLUSTER_LABEL = "goog-k8s-cluster-name"
"""https://docs.cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels"""
SERVICE_NAME = "kubernetes.io/service-name"
"""https://github.com/kubernetes/cloud-provider-gcp/blob/master/providers/gce/gce_loadbalancer_external.go"""
_PATH = re.compile(r"(/storage|/compute)?/v[13](/b)?/?$|/$")
"""What such an address has behind the host."""
TOKEN = "GOOGLE_OAUTH_ACCESS_TOKEN"
"""A token that Terraform's backend and provider take before other credentials."""


def connect(account: str, region: str, environment: Mapping[str, str], endpoints: Endpoints | None = None) -> GcpCloud:
    """The project, with the credentials that Terraform takes: a token, then the application default ones."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import AuthorizedSession
    from google.oauth2.credentials import Credentials

    credentials: Any
    try:
        if token := environment.get(TOKEN):
            credentials = Credentials(token)  # type: ignore[no-untyped-call]
        else:
            credentials, _project = google.auth.default(scopes=[SCOPE], quota_project_id=account)
    except GoogleAuthError as error:
        raise unanswered(error, "credentials") from None
    session: Any = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    who = str(getattr(credentials, "service_account_email", None) or "the default credentials")
    return GcpCloud(Rest(session), account, region, who, endpoints or _endpoints(environment))


def _endpoints(environment: Mapping[str, str]) -> Endpoints:
    given = {api: next((v for name in names if (v := environment.get(name))), "") for api, names in ENDPOINTS.items()}
    return Endpoints(**{api: _PATH.sub("", url) for api, url in given.items() if url})


class GcpCloud:
    """Resource Manager, Cloud Storage and GKE of one project in one region."""

    imports = IMPORTS
    lets_in = "grant `roles/container.admin` on the project, or a ClusterRoleBinding in the cluster"

    def __init__(self, rest: Rest, account: str, region: str, who: str, endpoints: Endpoints) -> None:
        self._rest = rest
        self._account = account
        self._region = region
        self._who = who
        self._endpoints = endpoints
        self._number = ""

    def caller(self) -> Caller:
        """Credentials are of no project: what counts is that they reach the environment's, and that it is in use."""
        url = f"{self._endpoints.projects}/v3/projects/{quote(self._account, safe='')}"
        try:
            found = self._rest.json(url, f"project {self._account}")
        except RefusedError:
            message = f"the credentials reach no project {self._account}"
            raise stopped("GP813", message, "log in to the environment's project; nothing was changed") from None
        if found.get("state", "ACTIVE") != "ACTIVE":
            message = f"project {self._account} is {str(found['state']).lower().replace('_', ' ')}"
            raise stopped("GP813", message, "restore the project, or name another in the spec")
        self._number = str(found.get("name", "")).removeprefix("projects/")
        return Caller(str(found.get("projectId", "")), self._who)

    def state_key(self, backend: Mapping[str, Any]) -> str:
        """The state of the default workspace below the backend's `prefix`."""
        prefix = str(backend.get("prefix", "")).strip("/")
        return f"{prefix}/default.tfstate" if prefix else "default.tfstate"

    def plans_key(self, bucket: str) -> str:
        """`plans` on the ring of the bucket's own key, as modules/gcp/state_store makes it."""
        ring, _, _ = self.state_store(bucket).default_key().rpartition("/cryptoKeys/")
        if not ring:
            raise no_plans_key(bucket)
        return f"{ring}/cryptoKeys/plans"

    def state_store(self, bucket: str) -> GcsStore:
        """The bucket."""
        return GcsStore(self._rest, self._endpoints.storage, bucket, self._number)

    def cluster(self, name: str) -> ClusterAccess | None:
        """The GKE cluster; None where there is none."""
        path = f"projects/{self._account}/locations/{self._region}/clusters/{quote(name, safe='')}"
        try:
            found = self._rest.json(f"{self._endpoints.container}/v1/{path}", f"cluster {name}")
        except RefusedError:
            return None
        by_name = found.get("controlPlaneEndpointsConfig", {}).get("dnsEndpointConfig", {})
        if by_name.get("allowExternalTraffic") and by_name.get("endpoint"):
            # Public authorities sign its certificate: https://github.com/hashicorp/terraform-provider-kubernetes/issues/2637
            return ClusterAccess(name, f"https://{by_name['endpoint']}", private=False, ca="")
        private = bool(found.get("privateClusterConfig", {}).get("enablePrivateEndpoint"))
        ca = found.get("masterAuth", {}).get("clusterCaCertificate", "")
        endpoint = f"https://{found['endpoint']}" if found.get("endpoint") else ""
        return ClusterAccess(name, endpoint, private, ca)

    def token(self, _: ClusterAccess) -> str:
        """The access token of the credentials: https://docs.cloud.google.com/kubernetes-engine/docs/how-to/api-server-authentication"""
        return self._rest.token()

    def strays(self, cluster: str) -> Sequence[Stray]:
        """Disks with the cluster's label; forwarding rules of any cluster of the region, which have no such label."""
        disks = self._listed("aggregated/disks", filter=f'labels.{CLUSTER_LABEL}="{cluster}"')
        rules = self._listed(f"regions/{self._region}/forwardingRules")
        return [
            *(
                Stray("disk", one["name"], f"label {CLUSTER_LABEL}", size_gib=int(one.get("sizeGb", 0)))
                for one in disks
            ),
            *(
                Stray("forwarding rule", one["name"], f"description {SERVICE_NAME}", sure=False)
                for one in rules
                if SERVICE_NAME in one.get("description", "")
            ),
        ]

    def _listed(self, path: str, **query: str) -> list[Any]:
        url, token, found = f"{self._endpoints.compute}/compute/v1/projects/{self._account}/{path}", "", []
        while True:
            page = self._rest.json(url, path, **query, **({"pageToken": token} if token else {}))
            items = page.get("items") or ()
            groups = items.values() if isinstance(items, dict) else [{"only": items}]
            found += [one for group in groups for part in group.values() if isinstance(part, list) for one in part]
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def kubeconfig(self, _: ClusterAccess) -> dict[str, Any]:
        """Tokens come from a plugin of gcloud: https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl"""
        plugin = {"apiVersion": TOKENS, "command": "gke-gcloud-auth-plugin", "provideClusterInfo": True}
        return {"exec": {**plugin, "interactiveMode": "Never"}}
