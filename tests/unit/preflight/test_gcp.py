"""What Google Cloud is asked, and what each of its answers and refusals becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import compute_v1

from groundplan.clouds.gcp.preflight import account as module
from groundplan.clouds.gcp.preflight.account import Endpoints, GcpAccount, connect
from groundplan.clouds.gcp.preflight.requirements import (
    ACCELERATORS,
    CPU_METRICS,
    DEFAULT_POOL_DISK_GIB,
    DEFAULT_POOL_MACHINE,
    GPU_FAMILIES,
    GPU_METRICS,
    permissions,
    requirements,
    role_of,
)
from groundplan.hcl.read import parse
from groundplan.hcl.resources import resource_types
from groundplan.preflight.model import (
    DatabaseNeed,
    Finding,
    Machine,
    Needs,
    NetworkNeed,
    Outcome,
    PoolNeed,
    Purchase,
    Requirement,
    Stops,
    UnreachableError,
)
from tests.architecture.sources import REPOSITORY
from tests.unit.preflight.gcp_server import Answer, Google, google, refusal

PROJECT, REGION = "ml-project-1", "us-central1"
ZONES = ("us-central1-a", "us-central1-b")
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)

POOL = PoolNeed(
    path="training.pools.finetune",
    machines=(Machine("g2-standard-8", 8, "l4", 1), Machine("n1-standard-8+2xt4", 8, "t4", 2)),
    purchases=(Purchase("spot", 1, 4), Purchase("on_demand", 0, 4)),
    most=4,
    disk_gib=200,
    zones=ZONES,
)
NEWER = replace(
    POOL,
    machines=(Machine("a3-highgpu-8g", 208, "h100", 8), Machine("c4-standard-4", 4)),
    purchases=(Purchase("on_demand", 0, 2),),
    most=2,
    local_storage_gib=700,
)
NEEDS = Needs(
    name="demo",
    region=REGION,
    account=PROJECT,
    network=NetworkNeed(gateway_zones=ZONES[:1]),
    cluster="demo",
    pools=(POOL,),
    buckets={"demo-data-0123abcd": "storage.buckets.data"},
    state_bucket="",
    database=None,
    servers={},
    load_balancers={},
    volumes_gib={"monitoring": 50},
    apis={"compute.googleapis.com": "network", "container.googleapis.com": "cluster"},
    resources={"google_compute_network": "network", "google_storage_bucket": "storage.buckets"},
)
COMPUTE = f"/compute/v1/projects/{PROJECT}"
QUOTA_INFOS = f"/v1/projects/{PROJECT}/locations/global/services/compute.googleapis.com/quotaInfos"
BUCKET = "/storage/v1/b/demo-data-0123abcd"
TEST_PERMISSIONS = f"/v3/projects/{PROJECT}:testIamPermissions"
SERVICES = f"/v1/projects/{PROJECT}/services:batchGet"


def needs(**changes: Any) -> Needs:
    return replace(NEEDS, **changes)


def wanted(of: Needs = NEEDS, **fields: Any) -> list[Requirement]:
    found = [r for r in requirements(of) if all(getattr(r, key) == value for key, value in fields.items())]
    assert found
    return found


def account(server: Google, of: Needs = NEEDS) -> GcpAccount:
    return GcpAccount(of, AnonymousCredentials(), Endpoints(*[server.url] * len(fields(Endpoints))))  # type: ignore[no-untyped-call]


def findings(answers: Mapping[str, Answer], of: Needs = NEEDS, **fields: Any) -> list[Finding]:
    with google(answers) as server:
        return account(server, of).findings(wanted(of, **fields))


def finding(answers: Mapping[str, Answer], of: Needs = NEEDS, **fields: Any) -> Finding:
    [only] = findings(answers, of, **fields)
    return only


def region(**quotas: tuple[float, float]) -> dict[str, Answer]:
    rows = [{"metric": metric, "limit": limit, "usage": used} for metric, (limit, used) in quotas.items()]
    return {f"{COMPUTE}/regions/{REGION}": (200, {"kind": "compute#region", "name": REGION, "quotas": rows})}


def project(**quotas: tuple[float, float]) -> dict[str, Answer]:
    rows = [{"metric": metric, "limit": limit, "usage": used} for metric, (limit, used) in quotas.items()]
    return {COMPUTE: (200, {"kind": "compute#project", "name": PROJECT, "quotas": rows})}


class TestRequirements:
    def test_metrics_of_each_purchase_option(self) -> None:
        found = {r.code: (r.amount, r.at_once) for r in wanted(kind="quota")}
        assert found["PREEMPTIBLE_NVIDIA_L4_GPUS"] == (4, 1) and found["NVIDIA_L4_GPUS"] == (4, 0)
        assert found["PREEMPTIBLE_NVIDIA_T4_GPUS"] == (8, 2) and found["NVIDIA_T4_GPUS"] == (8, 0)
        assert found["PREEMPTIBLE_CPUS"] == (32, 8) and found["CPUS"] == (32, 0)
        assert found["GPUS_ALL_REGIONS"] == (8, 2) and found["CPUS_ALL_REGIONS"] == (32, 8)
        assert found["SSD_TOTAL_GB"] == (850, 250)
        assert found["NETWORKS"] == (1, 1) and found["IN_USE_ADDRESSES"] == (1, 1)

    def test_metrics_of_newer_families(self) -> None:
        found = {r.code: r.amount for r in wanted(needs(pools=(NEWER,)), kind="quota")}
        assert found["GPUS-PER-GPU-FAMILY-per-project-region NVIDIA_H100"] == 16
        assert found["CPUS-PER-VM-FAMILY-per-project-region C4"] == 8
        assert found["HDB_TOTAL_GB"] == 400 and found["SSD_TOTAL_GB"] == 450
        assert found["LOCAL_SSD_TOTAL_GB"] == 1500

    def test_the_pool_that_every_cluster_begins_with(self) -> None:
        """A node in each zone, away before the pools of the spec come: what is asked is the larger of the two."""
        small = replace(POOL, machines=(Machine("e2-standard-2", 2),), purchases=(Purchase("on_demand", 1, 2),), most=2)
        zones = ("us-central1-a", "us-central1-b", "us-central1-c")
        of = needs(pools=(replace(small, disk_gib=50),), volumes_gib={}, cluster_zones=zones)
        found = {r.code: (r.amount, r.at_once) for r in wanted(of, kind="quota")}
        assert found["E2_CPUS"] == found["CPUS_ALL_REGIONS"] == (6, 6)
        assert found["INSTANCES"] == (3, 3) and found["SSD_TOTAL_GB"] == (100, 60)
        [instances] = wanted(of, code="INSTANCES")
        assert instances.because[-1] == "cluster 3, GKE's first pool for some minutes"
        assert {r.code for r in wanted(of, kind="machine")} == {"e2-standard-2"}

    def test_the_first_pool_is_that_of_the_module(self) -> None:
        text = (REPOSITORY / "modules" / "gcp" / "cluster" / "cluster.tf").read_text(encoding="utf-8")
        blocks = parse(text, "cluster.tf").blocks
        [cluster] = [block for block in blocks if block.labels[:1] == ("google_container_cluster",)]
        [nodes] = [block for block in cluster.blocks if block.type == "node_config"]
        assert nodes.attributes["machine_type"].value == f'"{DEFAULT_POOL_MACHINE}"'
        assert nodes.attributes["disk_size_gb"].value == str(DEFAULT_POOL_DISK_GIB)
        assert cluster.attributes["initial_node_count"].value == "1"

    def test_a_type_with_its_gpu_attached_is_two_questions(self) -> None:
        codes = {r.code for r in wanted(kind="machine")}
        assert codes == {"g2-standard-8", "nvidia-l4", "n1-standard-8", "nvidia-tesla-t4"}
        assert len(wanted(kind="machine")) == len(codes) * len(ZONES)

    def test_what_turns_on_apis_must_be_on(self) -> None:
        assert {r.code for r in wanted(kind="api")} == {
            "cloudresourcemanager.googleapis.com",
            "compute.googleapis.com",
            "container.googleapis.com",
            "serviceusage.googleapis.com",
        }

    def test_every_resource_of_the_modules_has_its_permissions(self) -> None:
        """Data sources too, and those in the roots' own files."""
        folders = [*(REPOSITORY / "modules" / "gcp").iterdir(), *REPOSITORY.glob("environments/*/[0-9]*")]
        used = {name for folder in folders for name in resource_types(folder)}
        assert len(used) > 30
        assert {name for name in used if name.removeprefix("data ").startswith("google_")} <= set(permissions())

    def test_who_applies_reads_and_writes_states(self) -> None:
        [writes] = [r for r in requirements(needs(states="state/demo")) if r.code == "storage.objects.create"]
        assert (writes.path, writes.service) == ("state", "roles/storage.admin")

    def test_what_only_a_destroy_takes_comes_last(self) -> None:
        found = {
            r.code: (r.phase, r.name)
            for r in wanted(needs(resources={"google_compute_network": "network"}), kind="permission")
        }
        assert found["compute.networks.delete"] == ("destroy", "to destroy")
        assert found["compute.networks.create"] == ("make", "compute.networks.create")

    def test_every_permission_is_in_a_role(self) -> None:
        names = {name for row in permissions().values() for name in (*row.make, *row.change, *row.destroy)}
        assert {role_of(name) for name in names} >= {"roles/container.admin", "roles/compute.securityAdmin"}
        assert role_of("iam.serviceAccounts.actAs") == "roles/iam.serviceAccountUser"

    def test_metrics_are_those_of_the_client(self) -> None:
        known = {metric.name for metric in compute_v1.Quota.Metric}
        older = {f"{metric}_GPUS" for gpu, metric in GPU_METRICS.items() if gpu not in GPU_FAMILIES}
        assert older | {f"PREEMPTIBLE_{metric}" for metric in older} | set(CPU_METRICS.values()) <= known

    def test_every_gpu_of_the_catalog_has_a_metric(self) -> None:
        from groundplan.clouds.gcp import load_catalog

        gpus = {machine.gpu_type for machine in load_catalog().instances.values() if machine.gpu_type}
        assert gpus <= set(GPU_METRICS) and set(GPU_METRICS) == set(ACCELERATORS)


class TestProject:
    def test_there(self) -> None:
        found = finding(project(), kind="account")
        assert (found.outcome, found.reason) == (Outcome.MET, "checked as the default credentials")

    def test_not_there(self) -> None:
        found = finding({}, kind="account")
        assert (found.outcome, found.stops) == (Outcome.MISSING, Stops.APPLY)

    def test_no_right_to_see_it(self) -> None:
        found = finding({COMPUTE: refusal(403, "Required 'compute.projects.get' permission")}, kind="account")
        assert found.outcome is Outcome.UNKNOWN
        assert found.reason.startswith("compute Projects: 403 ") and "compute.projects.get" in found.reason


class TestQuotas:
    def test_met(self) -> None:
        found = finding(region(NVIDIA_L4_GPUS=(8.0, 4.0)), code="NVIDIA_L4_GPUS")
        assert (found.outcome, found.limit, found.used) == (Outcome.MET, 8, 4)

    def test_too_small_for_full_size(self) -> None:
        found = finding(region(NVIDIA_L4_GPUS=(1.0, 0.0)), code="NVIDIA_L4_GPUS")
        assert (found.outcome, found.stops, found.short_by) == (Outcome.MISSING, Stops.GROWTH, 3)

    def test_too_small_for_the_first_apply(self) -> None:
        found = finding(project(GPUS_ALL_REGIONS=(0.0, 0.0)), code="GPUS_ALL_REGIONS")
        assert (found.stops, found.raise_to) == (Stops.APPLY, 8)

    def test_no_quota_for_spot_means_that_of_the_family(self) -> None:
        found = finding(region(PREEMPTIBLE_CPUS=(0.0, 0.0)), code="PREEMPTIBLE_CPUS")
        assert found.outcome is Outcome.UNKNOWN and "count against their family's" in found.reason

    def test_a_metric_that_is_not_listed(self) -> None:
        found = finding(region(), code="NVIDIA_L4_GPUS")
        assert found.reason == "the Compute API does not list NVIDIA_L4_GPUS for us-central1"

    def test_throttled(self) -> None:
        answers = {f"{COMPUTE}/regions/{REGION}": refusal(403, "Quota exceeded for quota metric 'Queries'")}
        found = findings(answers, kind="quota", where=REGION)
        assert {f.outcome for f in found} == {Outcome.UNKNOWN}
        assert all("Quota exceeded for quota metric" in f.reason for f in found)

    def test_a_region_is_asked_once(self) -> None:
        with google(region(CPUS=(100, 0))) as server:
            account(server).findings(wanted(kind="quota", where=REGION))
            assert len(server.asked) == 1

    @pytest.mark.parametrize(("value", "outcome"), [("16", Outcome.UNKNOWN), ("8", Outcome.MISSING)])
    def test_families_of_the_cloud_quotas_api(self, value: str, outcome: Outcome) -> None:
        entries = [
            {"dimensions": {"gpu_family": "NVIDIA_H200"}, "details": {"value": "64"}, "applicableLocations": [REGION]},
            {"dimensions": {"gpu_family": "NVIDIA_H100", "region": "europe-west4"}, "details": {"value": "99"}},
            {"dimensions": {"gpu_family": "NVIDIA_H100"}, "details": {"value": value}, "applicableLocations": [REGION]},
        ]
        path = f"{QUOTA_INFOS}/GPUS-PER-GPU-FAMILY-per-project-region"
        code = "GPUS-PER-GPU-FAMILY-per-project-region NVIDIA_H100"
        found = finding({path: (200, {"dimensionsInfos": entries})}, needs(pools=(NEWER,)), code=code)
        assert (found.outcome, found.limit, found.used) == (outcome, int(value), None)

    def test_a_family_that_is_not_listed(self) -> None:
        path = f"{QUOTA_INFOS}/CPUS-PER-VM-FAMILY-per-project-region"
        code = "CPUS-PER-VM-FAMILY-per-project-region C4"
        found = finding({path: (200, {})}, needs(pools=(NEWER,)), code=code)
        assert "does not list CPUS-PER-VM-FAMILY-per-project-region of C4" in found.reason


class TestDomainRestrictedSharing:
    """What organisations made since May 2024 have: they allow no member but their own."""

    GROUP = "group:cloud-storage-analytics@google.com"
    LEGACY, MANAGED = "iam.allowedPolicyMemberDomains", "iam.managed.allowedPolicyMembers"

    def outcome(self, constraint: str, *rules: dict[str, Any]) -> Outcome:
        path = f"/v2/projects/{PROJECT}/policies/{constraint}:getEffectivePolicy"
        usage = needs(outsiders={self.GROUP: "cloud.gcp.access_logs"})
        return finding({path: (200, {"spec": {"rules": list(rules)}})}, usage, service=constraint).outcome

    def test_the_default_of_a_new_organization(self) -> None:
        assert self.outcome(self.LEGACY, {"values": {"allowedValues": ["C0abc1234"]}}) is Outcome.MISSING

    def test_no_policy(self) -> None:
        assert self.outcome(self.LEGACY, {"allowAll": True}) is Outcome.MET
        assert self.outcome(self.LEGACY) is self.outcome(self.MANAGED) is Outcome.MET

    def test_nobody_is_allowed(self) -> None:
        assert self.outcome(self.LEGACY, {"denyAll": True}) is Outcome.MISSING

    def test_customers_whose_names_say_nothing(self) -> None:
        assert self.outcome(self.LEGACY, {"values": {"allowedValues": ["C0abc1234", "C0xyz"]}}) is Outcome.UNKNOWN

    @pytest.mark.parametrize(("subjects", "outcome"), [([], Outcome.MISSING), ([GROUP], Outcome.MET)])
    def test_the_managed_constraint(self, subjects: list[str], outcome: Outcome) -> None:
        rule = {"enforce": True, "parameters": {"allowedMemberSubjects": subjects}}
        assert self.outcome(self.MANAGED, rule) is outcome
        assert self.outcome(self.MANAGED, {**rule, "enforce": False}) is Outcome.MET

    def test_no_right_to_read_it(self) -> None:
        usage = needs(outsiders={self.GROUP: "cloud.gcp.access_logs"})
        assert {found.outcome for found in findings({}, usage, kind="policy")} == {Outcome.UNKNOWN}

    def test_audit_logs_grant_nobody_anything(self) -> None:
        assert "policy" not in {r.kind for r in wanted()}


class TestLogExclusions:
    EXCLUSION: ClassVar = {"google_logging_project_exclusion": "network"}

    @pytest.mark.parametrize(
        ("others", "outcome"), [([], Outcome.MET), ([f"env-{n}" for n in range(10)], Outcome.MISSING)]
    )
    def test_a_project_takes_ten(self, others: list[str], outcome: Outcome) -> None:
        exclusions = {"exclusions": [{"name": name} for name in ("demo", *others)]}
        answers = {f"/v2/projects/{PROJECT}/exclusions": (200, exclusions)}
        found = finding(answers, needs(resources=self.EXCLUSION), code="exclusions")
        assert (found.outcome, found.used) == (outcome, len(others)), "that of this environment is not another's"

    def test_without_a_log_of_its_own_an_environment_needs_none(self) -> None:
        assert "exclusions" not in {r.code for r in wanted()}


def zonal(field: str, offers: Mapping[str, list[str]]) -> Answer:
    items = {
        f"zones/{zone}": {field: [{"name": name, "zone": zone} for name in names]} for zone, names in offers.items()
    }
    return 200, {"kind": "compute#aggregatedList", "items": items}


class TestMachines:
    TYPES = f"{COMPUTE}/aggregated/machineTypes"
    GPUS = f"{COMPUTE}/aggregated/acceleratorTypes"

    def test_offered_here_and_there(self) -> None:
        offers = {
            "us-central1-a": ["g2-standard-8", "n1-standard-8"],
            "us-central1-b": ["n1-standard-8"],
            "us-east1-b": ["g2-standard-8"],
        }
        gpus = {"us-central1-a": ["nvidia-l4"], "us-central1-b": ["nvidia-l4"]}
        answers = {self.TYPES: zonal("machineTypes", offers), self.GPUS: zonal("acceleratorTypes", gpus)}
        with google(answers) as server:
            found = account(server).findings(wanted(kind="machine"))
            query = server.asked[0][2]
        by_code = {(f.requirement.code, f.requirement.where): f for f in found}
        assert by_code["g2-standard-8", "us-central1-a"].outcome is Outcome.MET
        partly = by_code["g2-standard-8", "us-central1-b"]
        assert (partly.outcome, partly.stops, partly.reason) == (
            Outcome.MISSING,
            Stops.APPLY,
            "offered in us-central1-a only",
        )
        assert by_code["nvidia-tesla-t4", "us-central1-a"].reason == "not offered in this region"
        assert query["filter"] == ["(name = g2-standard-8) OR (name = n1-standard-8)"]
        assert len(server.asked) == 2

    def test_pages_are_followed(self) -> None:
        """The second page is asked for with the token of the first."""
        first = zonal("machineTypes", {"us-central1-a": ["g2-standard-8"]})[1]
        second = zonal("machineTypes", {"us-central1-b": ["g2-standard-8"]})[1]
        pages = iter([{**first, "nextPageToken": "more"}, second])

        class Pages(dict[str, Answer]):
            def get(self, path: str, default: Any = None) -> Any:
                return (200, next(pages)) if path == TestMachines.TYPES else default

        found = findings(Pages(), code="g2-standard-8")
        assert [f.outcome for f in found] == [Outcome.MET, Outcome.MET]

    def test_without_zones_the_region_counts(self) -> None:
        of = needs(pools=(replace(POOL, zones=()),))
        answers = {self.TYPES: zonal("machineTypes", {"us-central1-f": ["g2-standard-8"]})}
        assert finding(answers, of, code="g2-standard-8").outcome is Outcome.MET


class TestApis:
    def states(self, **states: str) -> list[Finding]:
        services = [
            {"name": f"projects/1/services/{name}.googleapis.com", "state": state} for name, state in states.items()
        ]
        return findings({SERVICES: (200, {"services": services})}, kind="api")

    def test_on_and_off(self) -> None:
        found = self.states(
            cloudresourcemanager="DISABLED", compute="ENABLED", container="DISABLED", serviceusage="ENABLED"
        )
        assert [(f.outcome, f.stops) for f in found] == [
            (Outcome.MISSING, Stops.APPLY),
            (Outcome.MET, Stops.NOTHING),
            (Outcome.MISSING, Stops.NOTHING),
            (Outcome.MET, Stops.NOTHING),
        ]
        assert found[2].reason == "disabled; the apply enables it"

    def test_no_right_to_list(self) -> None:
        found = findings({SERVICES: refusal(403, "Permission denied to list services")}, kind="api")
        assert {f.reason.partition(": ")[2] for f in found} == {"403 Permission denied to list services"}


class TestPermissions:
    def test_granted_and_not(self) -> None:
        with google({TEST_PERMISSIONS: (200, {"permissions": ["compute.networks.create"]})}) as server:
            found = account(server).findings(wanted(kind="permission"))
            assert server.bodies(TEST_PERMISSIONS) == [{"permissions": [r.code for r in wanted(kind="permission")]}]
        outcomes = {f.requirement.code: f.outcome for f in found}
        assert outcomes["compute.networks.create"] is Outcome.MET
        assert outcomes["storage.buckets.create"] is Outcome.MISSING
        assert found[0].requirement.service == "roles/compute.networkAdmin"

    def test_none(self) -> None:
        assert {f.outcome for f in findings({TEST_PERMISSIONS: (200, {})}, kind="permission")} == {Outcome.MISSING}


class TestBuckets:
    NUMBER: Mapping[str, Answer] = {f"/v3/projects/{PROJECT}": (200, {"name": "projects/42", "projectId": PROJECT})}

    @pytest.mark.parametrize(
        ("answer", "outcome", "reason"),
        [
            (refusal(404, "The specified bucket does not exist."), Outcome.MET, "free"),
            (refusal(403, "no access"), Outcome.MISSING, "taken, and not visible to the caller"),
            ((200, {"projectNumber": "7"}), Outcome.MISSING, "taken by another project"),
            (
                (200, {"projectNumber": "42"}),
                Outcome.MET,
                "the project already has it; expected if this environment created it",
            ),
            (refusal(503, "try again"), Outcome.UNKNOWN, ""),
        ],
    )
    def test_names(self, answer: Answer, outcome: Outcome, reason: str) -> None:
        found = finding({BUCKET: answer, **self.NUMBER}, kind="bucket")
        assert found.outcome is outcome and (found.reason == reason or outcome is Outcome.UNKNOWN)

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            ((200, {"projectNumber": "7"}), Outcome.MET),
            (refusal(404, "no"), Outcome.MISSING),
            (refusal(403, "no"), Outcome.MISSING),
        ],
    )
    def test_the_state_bucket_must_be_there(self, answer: Answer, outcome: Outcome) -> None:
        of = needs(state_bucket="state")
        assert finding({"/storage/v1/b/state": answer}, of, code="state").outcome is outcome


class TestExistingNetwork:
    NETWORK = "projects/host-project/global/networks/shared"
    SUBNET = "projects/host-project/regions/us-central1/subnetworks/ml"
    OF = needs(network=NetworkNeed(id=NETWORK, subnet_ids=(SUBNET,)))

    def answers(self, network: str = NETWORK) -> dict[str, Answer]:
        link = f"https://www.googleapis.com/compute/v1/{network}"
        return {
            f"/compute/v1/{self.NETWORK}": (200, {"name": "shared"}),
            f"/compute/v1/{self.SUBNET}": (200, {"name": "ml", "network": link}),
        }

    def test_there(self) -> None:
        assert {f.outcome for f in findings(self.answers(), self.OF, kind="network")} == {Outcome.MET}

    def test_not_there(self) -> None:
        found = findings({}, self.OF, kind="network")
        assert [(f.outcome, f.reason) for f in found] == [(Outcome.MISSING, "not in host-project")] * 2

    def test_a_subnetwork_of_another_network_or_region(self) -> None:
        other = self.answers("projects/host-project/global/networks/other")
        assert finding(other, self.OF, code=self.SUBNET).reason == f"is in other, not in {self.NETWORK}"
        elsewhere = replace(self.OF, region="us-east4")
        assert finding(self.answers(), elsewhere, code=self.SUBNET).reason == "is in us-central1, not in us-east4"


class TestSharedVpc:
    """What the administrator of the host project has to give, asked before the first apply."""

    HOST, SUBNET = "projects/host-project", TestExistingNetwork.SUBNET
    OF = replace(
        TestExistingNetwork.OF,
        network=NetworkNeed(TestExistingNetwork.NETWORK, (SUBNET,), ("pods", "services")),
        servers={"tracking.mlflow": 4},
        load_balancers={"tracking.mlflow": 1},
        database=DatabaseNeed("tracking.mlflow.database", "db-custom-2-4096", 50, True),
    )
    GKE = "serviceAccount:service-1234@container-engine-robot.iam.gserviceaccount.com"
    GOOGLE_APIS = "serviceAccount:1234@cloudservices.gserviceaccount.com"
    RUN = "serviceAccount:service-1234@serverless-robot-prod.iam.gserviceaccount.com"

    def answers(self, *members: str, roles: tuple[str, ...] = ()) -> dict[str, Answer]:
        user = {"bindings": [{"role": "roles/compute.networkUser", "members": list(members)}]}
        of_project = {"bindings": [{"role": role, "members": list(members)} for role in roles]}
        return {
            f"/v3/projects/{PROJECT}": (200, {"name": "projects/1234"}),
            f"/compute/v1/{self.SUBNET}/getIamPolicy": (200, user),
            f"/v3/{self.HOST}:getIamPolicy": (200, of_project),
        }

    def test_grants_that_are_there(self) -> None:
        roles = ("roles/container.hostServiceAgentUser", "roles/compute.networkViewer")
        there = self.answers(self.GKE, self.GOOGLE_APIS, self.RUN, roles=roles)
        assert [f.outcome for f in findings(there, self.OF, kind="policy")] == [Outcome.MET] * 5

    def test_grants_that_are_not(self) -> None:
        found = findings(self.answers(self.GKE), self.OF, kind="policy")
        assert [f.outcome for f in found] == [Outcome.MET, *[Outcome.MISSING] * 4]
        assert self.GOOGLE_APIS in found[1].reason and "05-host-project" in found[1].reason

    def test_a_network_of_the_project_itself_needs_none(self) -> None:
        own = replace(self.OF, account="host-project")
        assert "policy" not in {r.kind for r in wanted(own)}

    def test_ranges_of_the_subnet(self) -> None:
        link = f"https://www.googleapis.com/compute/v1/{TestExistingNetwork.NETWORK}"
        subnet = {"name": "ml", "network": link, "secondaryIpRanges": [{"rangeName": "pods"}]}
        found = finding({f"/compute/v1/{self.SUBNET}": (200, subnet)}, self.OF, kind="network", code=self.SUBNET)
        assert (found.outcome, found.reason) == (Outcome.MISSING, "has no secondary range services")

    @pytest.mark.parametrize(("network", "outcome"), [("shared", Outcome.MET), ("other", Outcome.MISSING)])
    def test_the_subnet_of_proxies(self, network: str, outcome: Outcome) -> None:
        items = [{"network": f"https://x/compute/v1/{self.HOST}/global/networks/{network}"}]
        path = f"/compute/v1/{self.HOST}/regions/{REGION}/subnetworks"
        assert finding({path: (200, {"items": items})}, self.OF, service="proxies").outcome is outcome

    @pytest.mark.parametrize(("ranges", "outcome"), [(["sql"], Outcome.MET), ([], Outcome.MISSING)])
    def test_private_service_access(self, ranges: list[str], outcome: Outcome) -> None:
        answers = {
            f"/v3/{self.HOST}": (200, {"name": "projects/99"}),
            "/v1/services/servicenetworking.googleapis.com/connections": (
                200,
                {"connections": [{"reservedPeeringRanges": ranges}]},
            ),
        }
        assert finding(answers, self.OF, service="servicenetworking").outcome is outcome


class TestConnection:
    def test_nobody_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A port of this machine where nothing listens: what a broken proxy or a firewall looks like."""
        monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
        closed = GcpAccount(NEEDS, AnonymousCredentials(), Endpoints(*["http://127.0.0.1:9"] * 5))  # type: ignore[no-untyped-call]
        found = closed.findings(requirements(NEEDS))
        assert {f.outcome for f in found} == {Outcome.UNKNOWN}
        assert all("127.0.0.1" in f.reason or "Timeout" in f.reason for f in found)

    def test_an_answer_that_is_no_json(self) -> None:
        found = findings({SERVICES: (200, b"<html>proxy</html>")}, kind="api")
        assert {f.outcome for f in found} == {Outcome.UNKNOWN}

    def test_no_credentials(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
        with pytest.raises(UnreachableError, match="no usable Google Cloud credentials") as caught:
            connect(NEEDS, NOW)
        assert "gcloud auth application-default login" in caught.value.hint

    def test_a_whole_project(self) -> None:
        everything = {r.code: (1e6, 0.0) for r in wanted(kind="quota")}
        held = [r.code for r in wanted(kind="permission")]
        types = {key: ["g2-standard-8", "n1-standard-8"] for key in ZONES}
        gpus = {key: ["nvidia-l4", "nvidia-tesla-t4"] for key in ZONES}
        services = [{"name": f"projects/1/services/{r.code}", "state": "ENABLED"} for r in wanted(kind="api")]
        answers = {
            **region(**everything),
            **project(**everything),
            TestMachines.TYPES: zonal("machineTypes", types),
            TestMachines.GPUS: zonal("acceleratorTypes", gpus),
            TEST_PERMISSIONS: (200, {"permissions": held}),
            SERVICES: (200, {"services": services}),
        }
        with google(answers) as server:
            found = account(server).findings(requirements(NEEDS))
        assert [(f.requirement.code, f.reason) for f in found if f.outcome is not Outcome.MET] == []
