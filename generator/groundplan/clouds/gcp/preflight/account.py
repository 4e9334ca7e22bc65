"""Asking a Google Cloud project: Compute Engine, Cloud Quotas, Service Usage, Resource Manager, Storage; only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

from groundplan.clouds.gcp.preflight.requirements import (
    ACCELERATORS,
    FAMILY_CPUS,
    FAMILY_GPUS,
    IAM,
    LOGGING,
    MANAGED_CONSTRAINT,
    MOST_EXCLUSIONS,
    PEERING,
    PROXIES,
    STARTING,
    base_type,
    permissions_of,
)
from groundplan.preflight.model import (
    Finding,
    Needs,
    Once,
    Requirement,
    Stops,
    UnansweredError,
    UnreachableError,
    compare,
    first_line,
    met,
    missing,
    unknown,
)

T = TypeVar("T")

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
SECONDS, PATIENCE_SECONDS = 20, 30
"""For one attempt, and for all attempts of one call."""
APIS_PER_CALL = 20
PERMISSIONS_PER_CALL = 100
DIMENSIONS = {FAMILY_CPUS: "vm_family", FAMILY_GPUS: "gpu_family"}
NOT_FOUND, FORBIDDEN = 404, 403
AUDIT_INSTEAD = "; without `cloud.gcp.access_logs` audit logs take the place of usage logs"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the APIs are."""

    compute: str = "https://compute.googleapis.com"
    quotas: str = "https://cloudquotas.googleapis.com"
    services: str = "https://serviceusage.googleapis.com"
    projects: str = "https://cloudresourcemanager.googleapis.com"
    storage: str = "https://storage.googleapis.com"
    logging: str = "https://logging.googleapis.com"
    networking: str = "https://servicenetworking.googleapis.com"
    policies: str = "https://orgpolicy.googleapis.com"


def connect(needs: Needs, _: datetime, endpoints: Endpoints | None = None) -> GcpAccount:
    """The project, with the application default credentials: key file, `gcloud auth`, federation, metadata server."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        credentials: Any
        credentials, _project = google.auth.default(scopes=[SCOPE], quota_project_id=needs.account)
        credentials.refresh(Request())
    except GoogleAuthError as error:
        hint = "log in with `gcloud auth application-default login`, or give the runner a service account"
        raise UnreachableError(f"no usable Google Cloud credentials: {first_line(error)}", hint) from None
    return GcpAccount(needs, credentials, endpoints or Endpoints())


class GcpAccount:
    """A project must be accessible, one call for many requirements where the API allows it."""

    def __init__(self, needs: Needs, credentials: Any, endpoints: Endpoints) -> None:
        from google.auth.transport.requests import AuthorizedSession

        self._needs = needs
        self._credentials = credentials
        self._endpoints = endpoints
        self._session: Any = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
        self._once = Once()
        self._by_kind: dict[str, Callable[[Requirement], Finding]] = {
            "account": self._project,
            "policy": self._policy,
            "network": self._network,
            "machine": self._machine,
            "quota": self._quota,
            "api": self._api,
            "permission": self._permission,
            "bucket": self._bucket,
        }

    @property
    def identity(self) -> str:
        """The service account that asks, as far as the credentials say."""
        return str(getattr(self._credentials, "service_account_email", None) or "the default credentials")

    def findings(self, requirements: Sequence[Requirement]) -> list[Finding]:
        """One for each requirement."""
        return [self._finding(requirement) for requirement in requirements]

    def _finding(self, requirement: Requirement) -> Finding:
        try:
            return self._by_kind[requirement.kind](requirement)
        except UnansweredError as refused:
            return unknown(requirement, str(refused))

    def _compute(self, name: str, call: Callable[[Any, Any], T]) -> T:
        """The answer of a Compute client of that name, given the client and the retry policy."""
        from google.api_core.client_options import ClientOptions
        from google.api_core.exceptions import GoogleAPICallError, GoogleAPIError
        from google.api_core.retry import Retry
        from google.auth.exceptions import GoogleAuthError
        from google.cloud import compute_v1

        options = ClientOptions(api_endpoint=self._endpoints.compute)
        client = getattr(compute_v1, name)(credentials=self._credentials, client_options=options)
        what = f"compute {name.removesuffix('Client')}"
        try:
            return call(client, Retry(timeout=PATIENCE_SECONDS))
        except GoogleAPICallError as error:
            code = int(error.code) if error.code else 0
            raise _RefusedError(f"{what}: {code} {error.message}", code) from error
        except (GoogleAPIError, GoogleAuthError, OSError) as error:
            raise UnansweredError(f"{what}: {first_line(error)}") from error

    def _rest(self, url: str, body: Any = None) -> Any:
        """The JSON that a URL answers: GET, or POST with a body."""
        from google.auth.exceptions import GoogleAuthError

        host = url.split("/")[2]
        try:
            answer = self._session.request("GET" if body is None else "POST", url, json=body, timeout=SECONDS)
            found = answer.json()
        except (GoogleAuthError, OSError, ValueError) as error:
            raise UnansweredError(f"{host}: {first_line(error)}") from error
        if not answer.ok:
            message = found.get("error", {}).get("message", answer.reason)
            raise _RefusedError(f"{host}: {answer.status_code} {message}", answer.status_code)
        return found

    # what is there

    def _project(self, requirement: Requirement) -> Finding:
        try:
            self._quotas("global")
        except _RefusedError as refused:
            if refused.status == NOT_FOUND:
                return missing(requirement, "no such project, or the caller may not see it")
            raise
        return met(requirement, f"checked as {self.identity}")

    def _policy(self, requirement: Requirement) -> Finding:
        return (self._granted if requirement.service == IAM else self._constraint)(requirement)

    def _granted(self, requirement: Requirement) -> Finding:
        """Whether a member has a role on a project or a subnet itself; what it inherits is not seen here."""
        resource = requirement.where
        member = requirement.code.replace("<number>", self._once("number", self._number))
        policy = self._once(("policy", resource), lambda: self._iam_policy(resource))
        role = requirement.name.partition(" ")[0]
        members = {
            one for binding in policy.get("bindings", ()) if binding["role"] == role for one in binding["members"]
        }
        if member in members:
            return met(requirement, "granted")
        return missing(requirement, f"not granted to {member} on {resource} itself; 05-host-project has it")

    def _iam_policy(self, resource: str) -> Any:
        if "/subnetworks/" in resource:
            return self._rest(f"{self._endpoints.compute}/compute/v1/{resource}/getIamPolicy")
        return self._rest(f"{self._endpoints.projects}/v3/{resource}:getIamPolicy", {})

    def _constraint(self, requirement: Requirement) -> Finding:
        """Whether the organization lets the member into policies of the project."""
        constraint, member = requirement.service, requirement.code
        project = f"projects/{self._needs.account}"
        answer = self._rest(f"{self._endpoints.policies}/v2/{project}/policies/{constraint}:getEffectivePolicy")
        rules = answer.get("spec", {}).get("rules", ())
        if constraint == MANAGED_CONSTRAINT:
            allowed = {name for rule in rules for name in rule.get("parameters", {}).get("allowedMemberSubjects", ())}
            if member in allowed or not any(rule.get("enforce") for rule in rules):
                return met(requirement, "allowed")
            return missing(requirement, f"the organization allows its own members only{AUDIT_INSTEAD}")
        customers = [one for rule in rules for one in rule.get("values", {}).get("allowedValues", ())]
        if not customers and not any(rule.get("denyAll") for rule in rules):
            return met(requirement, "every member is allowed")
        if len(customers) > 1:
            raise UnansweredError(
                f"the organization allows {', '.join(customers)}; whether google.com is one is not said"
            )
        return missing(requirement, f"the organization allows {''.join(customers) or 'nobody'} only{AUDIT_INSTEAD}")

    def _network(self, requirement: Requirement) -> Finding:
        beside = {PROXIES: self._proxies, PEERING: self._peering}
        return beside.get(requirement.service, self._exists)(requirement)

    def _exists(self, requirement: Requirement) -> Finding:
        parts = requirement.code.split("/")
        project, name = parts[1], parts[-1]

        def network(client: Any, retry: Any) -> Any:
            return client.get(project=project, network=name, retry=retry, timeout=SECONDS)

        def subnetwork(client: Any, retry: Any) -> Any:
            return client.get(project=project, region=parts[3], subnetwork=name, retry=retry, timeout=SECONDS)

        try:
            if "subnetworks" not in parts:
                self._compute("NetworksClient", network)
                return met(requirement, "there")
            found = self._compute("SubnetworksClient", subnetwork)
        except _RefusedError as refused:
            if refused.status == NOT_FOUND:
                return missing(requirement, f"not in {project}")
            raise
        needs = self._needs
        if parts[3] != needs.region:
            return missing(requirement, f"is in {parts[3]}, not in {needs.region}")
        if needs.network and not found.network.endswith(needs.network.id):
            return missing(requirement, f"is in {found.network.rpartition('/')[2]}, not in {needs.network.id}")
        lacking = (
            set(needs.network.ranges) - {one.range_name for one in found.secondary_ip_ranges} if needs.network else ()
        )
        if lacking:
            return missing(requirement, f"has no secondary range {' and no '.join(sorted(lacking))}")
        return met(requirement, "there")

    def _proxies(self, requirement: Requirement) -> Finding:
        """Whether the network has a subnet of proxies in the region."""
        host = requirement.code.split("/")[1]
        asked = f"projects/{host}/regions/{self._needs.region}/subnetworks?filter=purpose%3DREGIONAL_MANAGED_PROXY"
        answer = self._rest(f"{self._endpoints.compute}/compute/v1/{asked}")
        if any(subnet["network"].endswith(requirement.code) for subnet in answer.get("items", ())):
            return met(requirement, "there")
        return missing(requirement, f"no subnet of proxies in {self._needs.region}; internal load balancers need one")

    def _peering(self, requirement: Requirement) -> Finding:
        """Whether Cloud SQL has a range in the network and its connection."""
        _, host, *rest = requirement.code.split("/")
        project = self._rest(f"{self._endpoints.projects}/v3/projects/{host}")["name"]
        network = quote("/".join((project, *rest)), safe="")
        asked = f"services/servicenetworking.googleapis.com/connections?network={network}"
        answer = self._rest(f"{self._endpoints.networking}/v1/{asked}")
        if any(connection.get("reservedPeeringRanges") for connection in answer.get("connections", ())):
            return met(requirement, "connected")
        return missing(requirement, "no range is connected to servicenetworking.googleapis.com; Cloud SQL needs one")

    def _machine(self, requirement: Requirement) -> Finding:
        """A GKE node pool is refused when one of its zones lacks the type, so every zone counts."""
        gpu = requirement.code in ACCELERATORS.values()
        offers = self._once("gpus", self._gpu_offers) if gpu else self._once("types", self._type_offers)
        zones = offers.get(requirement.code, set())
        where = requirement.where
        if where in zones or (where == self._needs.region and zones):
            return met(requirement, "offered")
        elsewhere = ", ".join(sorted(zones))
        return missing(requirement, f"offered in {elsewhere} only" if elsewhere else "not offered in this region")

    def _type_offers(self) -> dict[str, set[str]]:
        names = {base_type(machine) for pool in self._needs.pools for machine in pool.machines}
        return self._offers("MachineTypesClient", "AggregatedListMachineTypesRequest", "machine_types", names)

    def _gpu_offers(self) -> dict[str, set[str]]:
        types = {machine.gpu_type for pool in self._needs.pools for machine in pool.machines if machine.gpu_type}
        names = {ACCELERATORS[type_] for type_ in types if type_ in ACCELERATORS}
        return self._offers(
            "AcceleratorTypesClient", "AggregatedListAcceleratorTypesRequest", "accelerator_types", names
        )

    def _offers(self, client: str, request: str, field: str, names: Iterable[str]) -> dict[str, set[str]]:
        """Zones of the region by type."""
        from google.cloud import compute_v1

        wanted = " OR ".join(f"(name = {name})" for name in sorted(names))
        asked = getattr(compute_v1, request)(project=self._needs.account, filter=wanted)

        def listed(client: Any, retry: Any) -> dict[str, set[str]]:
            found: dict[str, set[str]] = {}
            for scope, page in client.aggregated_list(asked, retry=retry, timeout=SECONDS):
                zone = scope.removeprefix("zones/")
                if zone.startswith(f"{self._needs.region}-"):
                    for offer in getattr(page, field):
                        found.setdefault(offer.name, set()).add(zone)
            return found

        return self._compute(client, listed)

    def _bucket(self, requirement: Requirement) -> Finding:
        name = requirement.code
        try:
            found = self._rest(f"{self._endpoints.storage}/storage/v1/b/{quote(name)}?fields=projectNumber")
        except _RefusedError as refused:
            if refused.status not in (NOT_FOUND, FORBIDDEN):
                raise
            free = refused.status == NOT_FOUND
            if requirement.where == "project":
                return missing(requirement, "no such bucket" if free else "the caller may not see it")
            return met(requirement, "free") if free else missing(requirement, "taken, and not visible to the caller")
        if requirement.where == "project":
            return met(requirement, "there")
        if found.get("projectNumber") == self._once("number", self._number):
            return met(requirement, "the project already has it; expected if this environment created it")
        return missing(requirement, "taken by another project")

    def _number(self) -> str:
        name = str(self._rest(f"{self._endpoints.projects}/v3/projects/{self._needs.account}")["name"])
        return name.removeprefix("projects/")

    # APIs and permissions

    def _api(self, requirement: Requirement) -> Finding:
        state = self._once("apis", self._states).get(requirement.code)
        if state == "ENABLED":
            return met(requirement, "on")
        if requirement.code in STARTING:
            return missing(requirement, "disabled, and Terraform needs it to enable the others")
        return missing(requirement, "disabled; the apply enables it", Stops.NOTHING)

    def _states(self) -> dict[str, str]:
        """State by name of every API asked for."""
        apis = sorted({*self._needs.apis, *STARTING})
        project = f"projects/{self._needs.account}"
        found: dict[str, str] = {}
        for start in range(0, len(apis), APIS_PER_CALL):
            names = "&".join(f"names={project}/services/{api}" for api in apis[start : start + APIS_PER_CALL])
            answer = self._rest(f"{self._endpoints.services}/v1/{project}/services:batchGet?{names}")
            for service in answer.get("services", ()):
                found[service["name"].rpartition("/")[2]] = service["state"]
        return found

    def _permission(self, requirement: Requirement) -> Finding:
        if requirement.code in self._once("permissions", self._held):
            return met(requirement, "granted")
        stops = Stops.APPLY if requirement.phase == "make" else Stops.NOTHING
        return missing(requirement, "not granted on the project", stops)

    def _held(self) -> set[str]:
        wanted = list(permissions_of(self._needs))
        url = f"{self._endpoints.projects}/v3/projects/{self._needs.account}:testIamPermissions"
        found: set[str] = set()
        for start in range(0, len(wanted), PERMISSIONS_PER_CALL):
            answer = self._rest(url, {"permissions": wanted[start : start + PERMISSIONS_PER_CALL]})
            found.update(answer.get("permissions", ()))
        return found

    # quotas

    def _exclusions(self, requirement: Requirement) -> Finding:
        """Exclusions of the project, without that of this environment."""
        answer = self._rest(f"{self._endpoints.logging}/v2/projects/{self._needs.account}/exclusions?pageSize=1000")
        others = [one for one in answer.get("exclusions", ()) if one["name"] != self._needs.name]
        return compare(requirement, Decimal(MOST_EXCLUSIONS), Decimal(len(others)))

    def _quota(self, requirement: Requirement) -> Finding:
        if requirement.service == LOGGING:
            return self._exclusions(requirement)
        code, _, family = requirement.code.partition(" ")
        if family:
            limit = self._family_limit(code, family)
            return compare(requirement, limit, None, "Google reports usage of this quota in the console only")
        quotas = self._quotas(requirement.where)
        if code not in quotas:
            raise UnansweredError(f"the Compute API does not list {code} for {requirement.where}")
        limit, used = quotas[code]
        if code == "PREEMPTIBLE_CPUS" and not limit:
            # https://docs.cloud.google.com/compute/resource-usage: spot VMs then take the quota of their family.
            return unknown(requirement, "the project has no quota for spot vCPUs, so they count against their family's")
        return compare(requirement, limit, used)

    def _quotas(self, where: str) -> dict[str, tuple[Decimal, Decimal]]:
        """Limit and use by metric, of the project or of a region."""
        project = self._needs.account

        def of_project(client: Any, retry: Any) -> Any:
            return client.get(project=project, retry=retry, timeout=SECONDS)

        def of_region(client: Any, retry: Any) -> Any:
            return client.get(project=project, region=where, retry=retry, timeout=SECONDS)

        def asked() -> dict[str, tuple[Decimal, Decimal]]:
            everywhere = where == "global"
            client, call = ("ProjectsClient", of_project) if everywhere else ("RegionsClient", of_region)
            quotas = self._compute(client, call).quotas
            return {q.metric: (_decimal(q.limit), _decimal(q.usage)) for q in quotas}

        return self._once(("quotas", where), asked)

    def _family_limit(self, quota_id: str, family: str) -> Decimal:
        """The limit of one family in the region, from the Cloud Quotas API: of the most precise of its dimensions."""
        project, region = self._needs.account, self._needs.region
        path = f"projects/{project}/locations/global/services/compute.googleapis.com/quotaInfos/{quota_id}"
        info = self._once(quota_id, lambda: self._rest(f"{self._endpoints.quotas}/v1/{path}"))
        for entry in info.get("dimensionsInfos", ()):
            dimensions = entry.get("dimensions", {})
            here = dimensions.get("region") == region or region in entry.get("applicableLocations", ())
            if dimensions.get(DIMENSIONS[quota_id]) == family and here:
                return _decimal(entry["details"]["value"])
        raise UnansweredError(f"Cloud Quotas does not list {quota_id} of {family} for {region}")


class _RefusedError(UnansweredError):
    """An answer with an HTTP status that is not a success."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


def _decimal(number: Any) -> Decimal:
    return Decimal(str(number)).normalize() + 0
