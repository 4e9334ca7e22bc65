"""What Google Cloud decides: bindings with conditions, roles, identity pools."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.access.gcp.engine import Gcp
from groundplan.access.model import Answer, Given, Verdict, Wanted
from groundplan.access.world import Subject, World, trusts
from groundplan.diagnostics import DiagnosticsError
from tests.unit.access.iam import allow, given, role

ALLOWED, NOT_GRANTED, DEPENDS = Verdict.ALLOWED, Verdict.NOT_GRANTED, Verdict.DEPENDS
EMAIL = "job@acme.iam.gserviceaccount.com"
MEMBER = f"serviceAccount:{EMAIL}"
LISTED = "api.getAttribute('storage.googleapis.com/objectListPrefix', '')"
OBJECTS = "projects/_/buckets/data/objects/"


def bound(role: str, condition: str = "", member: str = MEMBER, **thing: Any) -> Given:
    """A binding on a bucket, or else in the project."""
    asked = {"condition": [{"expression": condition}]} if condition else {}
    type_name = "google_storage_bucket_iam_member" if "bucket" in thing else "google_project_iam_member"
    return given(type_name, "x", role=role, member=member, **thing, **asked)


def own_role(*permissions: str) -> Given:
    return given("google_project_iam_custom_role", "own", name="own", role_id="own_role", permissions=list(permissions))


def account(name: str) -> Given:
    return given("google_service_account", name, account_id=name, email=f"{name}@acme.iam.gserviceaccount.com")


def may(resources: list[Given], action: str, resource: str = "*") -> Answer:
    return Gcp(resources).may(EMAIL, Wanted(action, resource))


def test_a_folder_with_things_of_both_clouds() -> None:
    world = World([*role(allow("s3:GetObject")), bound("roles/storage.objectViewer", bucket="data"), account("job")])
    assert set(world.words) == set()
    [here], [there] = world.subjects("role:job"), world.subjects("account:job")
    assert world.ask(here, "s3:GetObject", "*").answer.verdict is ALLOWED
    assert world.ask(there, "storage.objects.get", "*").answer.verdict is ALLOWED
    assert world.ask(here, "storage.objects.get", "*").answer.verdict is NOT_GRANTED
    assert world.ask(there, "s3:GetObject", "*").answer.verdict is NOT_GRANTED
    assert [world.ask(one, "read objects", "*").answer.verdict for one in (here, there)] == [ALLOWED, ALLOWED]
    found = world.ask(there, "read objects", "*")
    assert found.action == "s3:GetObject or storage.objects.get"
    assert found.answer.what == "storage.objects.get on projects/_/buckets/data/objects/*"
    with pytest.raises(DiagnosticsError, match="no name of an action on any cloud"):
        world.ask(here, "read", "*")


def test_a_role_of_google_on_a_bucket() -> None:
    made = [bound("roles/storage.objectViewer", bucket="data")]
    assert may(made, "storage.objects.get", f"{OBJECTS}x").verdict is ALLOWED
    assert may(made, "storage.objects.get", "projects/_/buckets/other/objects/x").verdict is NOT_GRANTED
    assert may(made, "storage.objects.create", f"{OBJECTS}x").verdict is NOT_GRANTED
    assert may(made, "storage.objects.*").verdict is ALLOWED


def test_a_role_of_ones_own_in_the_project() -> None:
    made = [own_role("container.clusters.delete"), bound("own", project="acme")]
    found = may(made, "container.clusters.delete")
    assert (found.verdict, found.by.name if found.by else "") == (ALLOWED, "own_role")
    assert may(made, "container.clusters.get").verdict is NOT_GRANTED


def test_a_role_that_is_not_known() -> None:
    found = may([bound("roles/some.thing", project="acme")], "storage.objects.get")
    assert (found.verdict, "roles/some.thing" in found.why) == (DEPENDS, True)


def test_a_policy_that_cannot_be_read() -> None:
    made = [given("google_storage_bucket_iam_policy", "x", bucket="data", policy_data="{")]
    found = may(made, "storage.objects.get", f"{OBJECTS}x")
    assert (found.verdict, "the policy of google_storage_bucket_iam_policy.x" in found.why) == (DEPENDS, True)
    assert may(made, "storage.objects.get", "projects/_/buckets/other/objects/x").verdict is NOT_GRANTED


def test_a_binding_of_somebody_else() -> None:
    other = bound("roles/storage.objectViewer", member="serviceAccount:other@x", bucket="data")
    assert may([other], "storage.objects.get").verdict is NOT_GRANTED
    everybody = bound("roles/storage.objectViewer", member="allUsers", bucket="data")
    assert may([everybody], "storage.objects.get").verdict is ALLOWED


@pytest.mark.parametrize(
    ("condition", "name", "verdict"),
    [
        (f"resource.name.startsWith('{OBJECTS}states/')", f"{OBJECTS}states/1", ALLOWED),
        (f"resource.name.startsWith('{OBJECTS}states/')", f"{OBJECTS}other/1", NOT_GRANTED),
        (f"resource.name.startsWith('{OBJECTS}states/')", f"{OBJECTS}*", ALLOWED),
        ("resource.service != 'storage.googleapis.com'", f"{OBJECTS}x", NOT_GRANTED),
        ("request.time < timestamp('2027-01-01T00:00:00Z')", f"{OBJECTS}x", DEPENDS),
        (
            "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('a/')",
            f"{OBJECTS}x",
            NOT_GRANTED,
        ),
    ],
)
def test_conditions(condition: str, name: str, verdict: Verdict) -> None:
    made = [bound("roles/storage.objectViewer", condition, bucket="data")]
    assert may(made, "storage.objects.get", name).verdict is verdict


def test_grants_that_are_held_to_roles() -> None:
    only = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/viewer'])"
    made = [own_role("resourcemanager.projects.setIamPolicy"), bound("own", only, project="acme")]
    assert may(made, "resourcemanager.projects.setIamPolicy").verdict is DEPENDS


POOL = "projects/1/locations/global/workloadIdentityPools/ci"


def pool(grant: str, condition: str = "assertion.repository_id == '34'") -> list[Given]:
    return [
        given("google_iam_workload_identity_pool", "x", name=POOL, workload_identity_pool_id="ci"),
        given(
            "google_iam_workload_identity_pool_provider",
            "x",
            workload_identity_pool_id="ci",
            workload_identity_pool_provider_id="github",
            attribute_condition=condition,
            attribute_mapping={"google.subject": "assertion.sub", "attribute.grant": grant},
            oidc=[{"issuer_uri": "https://token.actions.githubusercontent.com"}],
        ),
        given("google_service_account", "job", email=EMAIL, account_id="job"),
        given(
            "google_service_account_iam_member",
            "x",
            service_account_id=f"projects/acme/serviceAccounts/{EMAIL}",
            role="roles/iam.workloadIdentityUser",
            member=f"principalSet://iam.googleapis.com/{POOL}/attribute.grant/apply",
        ),
    ]


CLAIMS = {
    "iss": "https://token.actions.githubusercontent.com",
    "aud": f"https://iam.googleapis.com/{POOL}/providers/github",
    "sub": "repo:acme/infra:ref:refs/heads/main",
    "ref": "refs/heads/main",
    "repository_id": "34",
}
BY_REF = "assertion.ref == 'refs/heads/main' ? 'apply' : 'none'"


@pytest.mark.parametrize(
    ("claims", "verdict"),
    [
        ({}, ALLOWED),
        ({"ref": "refs/heads/x"}, NOT_GRANTED),
        ({"repository_id": "35"}, NOT_GRANTED),
        ({"iss": "https://gitlab.com"}, NOT_GRANTED),
        ({"aud": "sts.amazonaws.com"}, NOT_GRANTED),
    ],
)
def test_tokens_by_their_claims(claims: dict[str, str], verdict: Verdict) -> None:
    [taken] = trusts(pool(BY_REF), CLAIMS | claims)
    assert (taken.name, taken.verdict) == (EMAIL, verdict)


def test_a_claim_that_a_token_does_not_have_is_told() -> None:
    [taken] = trusts(pool("assertion.environment == 'x' ? 'apply' : 'none'"), CLAIMS)
    assert (taken.verdict, "assertion.environment is not in the token" in taken.answer.why) == (NOT_GRANTED, True)


def test_pods_are_members_by_namespace_and_account() -> None:
    principal = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme.svc.id.goog"
    member = f"{principal}/subject/ns/train/sa/gpu"
    world = World([bound("roles/storage.objectViewer", member=member, bucket="data")])
    [subject] = world.subjects("pod:train")
    assert world.ask(subject, "storage.objects.get", "projects/_/buckets/data").answer.verdict is ALLOWED
    assert world.ask(subject, "storage.objects.delete", "projects/_/buckets/data").answer.verdict is NOT_GRANTED


def test_what_may_be_named() -> None:
    made = [given("google_service_account", "x", account_id="job", email=EMAIL, name=f"projects/acme/x/{EMAIL}")]
    world = World(made)
    [job] = world.subjects("account:job")
    with pytest.raises(DiagnosticsError) as error:
        world.ask(job, "cloudsql.instances.delete", "database:main")
    [problem] = error.value.diagnostics
    assert (
        problem.hint
        == "`*`, a whole name of the cloud, or bucket:, key:, secret:, account: and a name of the environment"
    )


PODS = "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme.svc.id.goog"
POD = f"principal://{PODS}/subject/ns/train/sa/gpu"
JOBS = f"iam.googleapis.com/{POOL}"


@pytest.mark.parametrize(
    ("member", "account", "pod"),
    [
        ("allUsers", ALLOWED, ALLOWED),
        ("allAuthenticatedUsers", ALLOWED, DEPENDS),
        ("group:ml@example.com", DEPENDS, DEPENDS),
        ("domain:example.com", DEPENDS, DEPENDS),
        ("projectEditor:acme", DEPENDS, DEPENDS),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount", DEPENDS, DEPENDS),
        ("principalSet://goog/group/ml@example.com", DEPENDS, DEPENDS),
        ("something:new", DEPENDS, DEPENDS),
        (f"principalSet://{PODS}/namespace/train", NOT_GRANTED, ALLOWED),
        (f"principalSet://{PODS}/namespace/other", NOT_GRANTED, NOT_GRANTED),
        (f"principalSet://{PODS}/kubernetes.cluster/https://container.googleapis.com/x", NOT_GRANTED, DEPENDS),
        (f"principalSet://{JOBS}/*", NOT_GRANTED, NOT_GRANTED),
        ("principalSet://iam.googleapis.com/locations/global/workforcePools/p/group/g", NOT_GRANTED, NOT_GRANTED),
        ("user:ann@example.com", NOT_GRANTED, NOT_GRANTED),
        ("deleted:serviceAccount:x@y?uid=1", NOT_GRANTED, NOT_GRANTED),
    ],
)
def test_members_of_every_form(member: str, account: Verdict, pod: Verdict) -> None:
    known = bound("roles/storage.objectViewer", member=POD, bucket="other")
    made = [known, bound("roles/storage.objectViewer", member=member, bucket="data")]
    asked = Wanted("storage.objects.get", f"{OBJECTS}x")
    assert [Gcp(made).may(who, asked).verdict for who in (EMAIL, "train/gpu")] == [account, pod]


def test_why_a_group_leaves_it_open() -> None:
    found = may(
        [bound("roles/storage.objectViewer", member="group:ml@example.com", bucket="data")], "storage.objects.get"
    )
    assert found.why == "group membership is not known offline: group:ml@example.com"
    denied = bound("roles/storage.objectViewer", "false", member="group:ml@example.com", bucket="data")
    assert may([denied], "storage.objects.get").verdict is NOT_GRANTED


def impersonated_by(member: str) -> list[Given]:
    *others, _ = pool(BY_REF)
    of = f"projects/acme/serviceAccounts/{EMAIL}"
    role_name = "roles/iam.workloadIdentityUser"
    return [
        *others,
        given("google_service_account_iam_member", "x", service_account_id=of, role=role_name, member=member),
    ]


@pytest.mark.parametrize(
    ("member", "verdict"),
    [
        ("allUsers", ALLOWED),
        ("allAuthenticatedUsers", NOT_GRANTED),
        ("group:ml@example.com", DEPENDS),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/1", DEPENDS),
        (f"principalSet://{JOBS}/*", ALLOWED),
        (f"principalSet://{JOBS}/attribute.other/x", NOT_GRANTED),
        (f"principalSet://{JOBS}x/*", NOT_GRANTED),
        (f"principalSet://{JOBS.replace('/1/', '/2/')}/attribute.grant/apply", DEPENDS),
    ],
)
def test_who_may_be_an_account(member: str, verdict: Verdict) -> None:
    [taken] = trusts(impersonated_by(member), CLAIMS)
    assert taken.verdict is verdict


def test_an_attribute_that_cannot_be_computed_may_be_anything() -> None:
    [taken] = trusts(pool("assertion.ref.extract('refs/heads/{name}')"), CLAIMS)
    assert taken.verdict is DEPENDS


def test_a_job_that_is_granted_something_without_an_account() -> None:
    direct = bound("roles/storage.objectViewer", member=f"principalSet://{JOBS}/attribute.grant/apply", bucket="data")
    gcp = Gcp([*pool(BY_REF), direct])
    names = [one.name for one in gcp.takes(CLAIMS) if one.verdict is ALLOWED]
    assert names == [EMAIL, "github:repo:acme/infra:ref:refs/heads/main"]
    found = [gcp.may(name, Wanted("storage.objects.get", f"{OBJECTS}x")).verdict for name in names]
    assert found == [NOT_GRANTED, ALLOWED]
    assert not [one for one in gcp.takes(CLAIMS | {"repository_id": "35"}) if one.verdict is ALLOWED]


@pytest.mark.parametrize("action", ["container.secrets.get", "container.secrets.Get", "Container.Secrets.G*"])
def test_permissions_in_another_case_are_the_same(action: str) -> None:
    assert may([bound("roles/container.admin", project="acme")], action).verdict is ALLOWED


@pytest.mark.parametrize(
    ("member", "verdict"),
    [("allUsers", ALLOWED), ("allAuthenticatedUsers", NOT_GRANTED), ("group:ml@example.com", NOT_GRANTED)],
)
def test_what_everybody_may_needs_no_identity(member: str, verdict: Verdict) -> None:
    world = World([*role(), bound("roles/storage.objectViewer", member=member, bucket="data")])
    fork = Subject("fork", why="there is no token")
    found = world.ask(fork, "read objects", "*")
    assert (found.answer.verdict, found.identity) == (verdict, "anybody" if verdict is ALLOWED else "")
    assert world.ask(fork, "write objects", "*").answer.why == "there is no token"
    [job] = world.subjects("role:job")
    assert world.ask(job, "storage.objects.get", "*").answer.verdict is verdict


@pytest.mark.parametrize(
    ("member", "verdict"),
    [("allUsers", ALLOWED), ("group:ml@example.com", DEPENDS), ("domain:example.com", DEPENDS)],
)
def test_jobs_without_an_account_may_what_others_are_granted(member: str, verdict: Verdict) -> None:
    gcp = Gcp([*pool(BY_REF), bound("roles/storage.objectViewer", member=member, bucket="data")])
    [job] = [one.name for one in gcp.takes(CLAIMS) if one.name != EMAIL]
    assert gcp.may(job, Wanted("storage.objects.get", f"{OBJECTS}x")).verdict is verdict


def test_pods_with_the_older_resource_of_their_service_account() -> None:
    metadata = [{"name": "gpu", "namespace": "train"}]
    everybody = bound("roles/storage.objectViewer", member=f"principalSet://{PODS}/namespace/train", bucket="data")
    world = World([given("kubernetes_service_account", "x", metadata=metadata), everybody])
    [pod] = world.subjects("pod:train/gpu")
    assert world.ask(pod, "storage.objects.get", "*").answer.verdict is ALLOWED


@pytest.mark.parametrize("config", [{}, {"service_account": "default"}])
def test_machines_with_the_default_account_of_the_project(config: dict[str, str]) -> None:
    kind = "google_container_node_pool"
    pool = Given("10", f"module.pool_api.{kind}.x", kind, {"node_config": [config]})
    world = World([pool, bound("roles/storage.objectViewer", member="allUsers", bucket="data")])
    [node] = world.subjects("node:api")
    found = world.ask(node, "storage.objects.delete", "*")
    assert (found.answer.verdict, found.answer.why) == (
        DEPENDS,
        "what the default account of Compute Engine is granted is not known here",
    )
    assert world.ask(node, "storage.objects.get", "*").answer.verdict is ALLOWED
