"""What clusters decide: RBAC, access entries of EKS, roles of IAM on GKE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from groundplan.access.aws.cluster import policies
from groundplan.access.engines import cluster, engines
from groundplan.access.kubernetes.kinds import Objects, objects
from groundplan.access.model import Answer, Given, Verdict, Wanted
from groundplan.access.world import Subject, World
from groundplan.diagnostics import DiagnosticsError
from tests.unit.access.iam import ACCOUNT, allow, given, role
from tests.unit.access.test_gcp import BY_REF, CLAIMS, EMAIL, POOL, account, bound, pool

ALLOWED, NOT_GRANTED, DEPENDS = Verdict.ALLOWED, Verdict.NOT_GRANTED, Verdict.DEPENDS
ARN = f"arn:aws:iam::{ACCOUNT}:role/job"


def eks(**config: Any) -> Given:
    settings = {"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False, **config}
    return given("aws_eks_cluster", "x", name="x", access_config=[settings])


def entry(*groups: str) -> Given:
    return given("aws_eks_access_entry", "x", principal_arn=ARN, kubernetes_groups=list(groups), user_name="")


def policy(name: str, *namespaces: str) -> Given:
    scope = {"type": "namespace" if namespaces else "cluster", "namespaces": list(namespaces) or None}
    arn = f"arn:aws:eks::aws:cluster-access-policy/{name}"
    return given("aws_eks_access_policy_association", name, principal_arn=ARN, policy_arn=arn, access_scope=[scope])


def rules(*each: tuple[Sequence[str], Sequence[str], Sequence[str]], names: Sequence[str] = ()) -> list[dict[str, Any]]:
    keys = ("api_groups", "resources", "verbs")
    return [dict(zip(keys, map(list, one), strict=True), resource_names=list(names)) for one in each]


READS = rules(([""], ["secrets"], ["get", "list"]))


def of_rbac(kind: str, name: str, namespace: str = "", **values: Any) -> Given:
    return given(f"kubernetes_{kind}_v1", name, metadata=[{"name": name, "namespace": namespace or None}], **values)


def binding(type_name: str, role_kind: str, role_name: str, namespace: str = "", /, **subject: str) -> Given:
    ref = [{"kind": role_kind, "name": role_name}]
    return of_rbac(type_name, "who", namespace, role_ref=ref, subject=[subject])


GROUP = {"kind": "Group", "name": "readers"}


def may(resources: list[Given], action: str, resource: str, name: str = "job") -> Answer:
    return cluster(resources).may(name, Wanted(action, resource))


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("secrets", Objects("", "secrets", "*", "*")),
        ("secrets/ml", Objects("", "secrets", "ml", "*")),
        ("secrets/ml/key", Objects("", "secrets", "ml", "key")),
        ("deployments", Objects("apps", "deployments", "*", "*")),
        ("deployments.apps/ml", Objects("apps", "deployments", "ml", "*")),
        ("pods:exec/ml", Objects("", "pods/exec", "ml", "*")),
        ("nodes/one", Objects("", "nodes", "*", "one", namespaced=False)),
        ("trainjobs.trainer.kubeflow.org/ml", Objects("trainer.kubeflow.org", "trainjobs", "ml", "*")),
        ("*", Objects("*", "*", "*", "*")),
        ("trainjobs", None),
        ("pods:exek", None),
        ("nodes/one/two", None),
        ("secrets/ml/key/more", None),
        ("bucket:data", None),
        ("", None),
    ],
)
def test_how_objects_are_named(reference: str, found: Objects | None) -> None:
    assert objects(reference) == found


def test_an_access_policy_in_the_whole_cluster() -> None:
    made = [*role(), eks(), entry(), policy("AmazonEKSViewPolicy")]
    found = may(made, "k8s:list", "pods/ml")
    assert (found.verdict, found.by and found.by.name, found.what) == (
        ALLOWED,
        "AmazonEKSViewPolicy",
        "list pods in ml",
    )
    assert may(made, "k8s:get", "secrets").verdict is NOT_GRANTED
    assert may(made, "k8s:create", "pods").verdict is NOT_GRANTED


@pytest.mark.parametrize(
    ("name", "secrets", "command", "node"),
    [
        ("AmazonEKSClusterAdminPolicy", ALLOWED, ALLOWED, ALLOWED),
        ("AmazonEKSAdminViewPolicy", ALLOWED, NOT_GRANTED, NOT_GRANTED),
        ("AmazonEKSAdminPolicy", ALLOWED, ALLOWED, NOT_GRANTED),
        ("AmazonEKSEditPolicy", ALLOWED, ALLOWED, NOT_GRANTED),
        ("AmazonEKSViewPolicy", NOT_GRANTED, NOT_GRANTED, NOT_GRANTED),
        ("AmazonEKSSecretReaderPolicy", ALLOWED, NOT_GRANTED, NOT_GRANTED),
        ("AmazonEKSComputePolicy", DEPENDS, DEPENDS, DEPENDS),
    ],
)
def test_access_policies(name: str, secrets: Verdict, command: Verdict, node: Verdict) -> None:
    made = [*role(), eks(), entry(), policy(name)]
    asked = (("k8s:get", "secrets"), ("k8s:create", "pods:exec"), ("k8s:delete", "nodes"))
    assert tuple(may(made, *one).verdict for one in asked) == (secrets, command, node)


def test_an_access_policy_in_namespaces() -> None:
    made = [*role(), eks(), entry(), policy("AmazonEKSClusterAdminPolicy", "ml-*", "train")]
    assert may(made, "k8s:get", "secrets").what == "get secrets in ml-*, train"
    assert may(made, "k8s:get", "secrets/ml-a").verdict is ALLOWED
    assert may(made, "k8s:get", "secrets/other").verdict is NOT_GRANTED
    assert may(made, "k8s:get", "nodes").verdict is NOT_GRANTED


def test_the_table_of_access_policies() -> None:
    assert len(policies()) == 6
    assert all(rule.verbs and rule.kinds and rule.groups for rules in policies().values() for rule in rules)


def test_a_role_without_an_entry() -> None:
    found = may([*role(), eks()], "k8s:get", "secrets")
    assert (found.verdict, found.why) == (NOT_GRANTED, "the cluster does not let job in")


@pytest.mark.parametrize(
    ("config", "policies_of", "why"),
    [
        ({"authentication_mode": "API_AND_CONFIG_MAP"}, (), "the ConfigMap aws-auth may let it in"),
        (
            {"bootstrap_cluster_creator_admin_permissions": True},
            (allow("eks:CreateCluster"),),
            "whoever made the cluster administers it",
        ),
        ({"bootstrap_cluster_creator_admin_permissions": True}, (), ""),
    ],
)
def test_what_a_cluster_lets_in_beside_its_entries(config: Any, policies_of: Any, why: str) -> None:
    found = may([*role(*policies_of), eks(**config)], "k8s:get", "secrets")
    assert found.verdict is (DEPENDS if why else NOT_GRANTED)
    assert not why or found.why == why


def test_a_group_of_an_entry() -> None:
    made = [*role(), eks(), entry("readers")]
    made += [of_rbac("role", "reads", "ml", rule=READS), binding("role_binding", "Role", "reads", "ml", **GROUP)]
    found = may(made, "k8s:get", "secrets/ml")
    assert (found.verdict, found.by and found.by.name) == (ALLOWED, "who (Role reads)")
    assert may(made, "k8s:get", "secrets").what == "get secrets in ml"
    assert may(made, "k8s:get", "secrets/other").verdict is NOT_GRANTED
    assert may(made, "k8s:delete", "secrets/ml").verdict is NOT_GRANTED
    assert may([*made[:-3], entry("others"), *made[-2:]], "k8s:get", "secrets/ml").verdict is NOT_GRANTED


def test_a_role_of_the_cluster_in_a_namespace_and_in_all() -> None:
    reads = of_rbac("cluster_role", "reads", rule=[*READS, *rules((["", "apps"], ["nodes", "deployments"], ["get"]))])
    made = [*role(), eks(), entry("readers"), reads]
    one = [*made, binding("role_binding", "ClusterRole", "reads", "ml", **GROUP)]
    every = [*made, binding("cluster_role_binding", "ClusterRole", "reads", **GROUP)]
    assert [may(each, "k8s:get", "secrets/other").verdict for each in (one, every)] == [NOT_GRANTED, ALLOWED]
    assert [may(each, "k8s:get", "nodes").verdict for each in (one, every)] == [NOT_GRANTED, ALLOWED]
    assert [may(each, "k8s:get", "deployments/ml").verdict for each in (one, every)] == [ALLOWED, ALLOWED]


def test_names_and_parts() -> None:
    named = rules(([""], ["configmaps"], ["get"]), ([""], ["pods/log"], ["get"]), (["*"], ["*/scale"], ["update"]))
    named[0]["resource_names"] = ["one"]
    made = [*role(), eks(), entry("readers"), of_rbac("cluster_role", "reads", rule=named)]
    made.append(binding("cluster_role_binding", "ClusterRole", "reads", **GROUP))
    assert may(made, "k8s:get", "configmaps/ml/one").verdict is ALLOWED
    assert may(made, "k8s:get", "configmaps/ml/two").verdict is NOT_GRANTED
    assert may(made, "k8s:get", "configmaps").verdict is ALLOWED
    assert may(made, "k8s:get", "pods:log").verdict is ALLOWED
    assert may(made, "k8s:get", "pods").verdict is NOT_GRANTED
    assert may(made, "k8s:update", "deployments:scale").verdict is ALLOWED


@pytest.mark.parametrize(
    ("name", "verdict"), [("cluster-admin", ALLOWED), ("view", DEPENDS), ("other", DEPENDS), ("aggregated", DEPENDS)]
)
def test_roles_that_are_not_rendered(name: str, verdict: Verdict) -> None:
    aggregated = of_rbac("cluster_role", "aggregated", aggregation_rule=[{"cluster_role_selectors": []}])
    bound_to = binding("cluster_role_binding", "ClusterRole", name, **GROUP)
    assert may([*role(), eks(), entry("readers"), aggregated, bound_to], "k8s:get", "secrets").verdict is verdict


def test_everybody_who_is_let_in() -> None:
    reads = of_rbac("cluster_role", "reads", rule=READS)
    everybody = {"kind": "Group", "name": "system:authenticated"}
    made = [*role(), eks(), entry(), reads, binding("cluster_role_binding", "ClusterRole", "reads", **everybody)]
    assert may(made, "k8s:get", "secrets").verdict is ALLOWED


def pods(**subject: str) -> list[Given]:
    reads = of_rbac("role", "reads", "ml", rule=READS)
    return [of_rbac("service_account", "api", "ml"), reads, binding("role_binding", "Role", "reads", "ml", **subject)]


@pytest.mark.parametrize(
    ("subject", "verdict"),
    [
        ({"kind": "ServiceAccount", "name": "api", "namespace": "ml"}, ALLOWED),
        ({"kind": "ServiceAccount", "name": "api", "namespace": "other"}, NOT_GRANTED),
        ({"kind": "User", "name": "system:serviceaccount:ml:api"}, ALLOWED),
        ({"kind": "Group", "name": "system:serviceaccounts:ml"}, ALLOWED),
        ({"kind": "Group", "name": "system:serviceaccounts"}, ALLOWED),
        ({"kind": "Group", "name": "system:masters"}, NOT_GRANTED),
    ],
)
def test_pods_by_their_service_account(subject: dict[str, str], verdict: Verdict) -> None:
    world = World(pods(**subject))
    [found] = world.subjects("pod:ml")
    assert world.ask(found, "k8s:get", "secrets/ml").answer.verdict is verdict


def test_what_a_chart_grants_is_not_known() -> None:
    known = {"cluster_name": "x", "namespace": "tools", "service_account": "agent", "role_arn": ARN}
    made = [eks(), given("aws_eks_pod_identity_association", "x", **known)]
    assert may(made, "k8s:get", "secrets", "tools/agent").verdict is NOT_GRANTED
    found = may(
        [*made, given("helm_release", "x", name="agents", namespace="tools")], "k8s:get", "secrets", "tools/agent"
    )
    assert (found.verdict, found.why) == (DEPENDS, "what the chart of agents grants is not known here")


def test_machines() -> None:
    world = World([eks(), given("aws_eks_node_group", "x")])
    with pytest.raises(DiagnosticsError):
        world.subjects("node:api")
    pool = Given("10", "module.pool_api.aws_eks_node_group.x", "aws_eks_node_group", {})
    world = World([eks(), pool])
    [node] = world.subjects("node:api")
    assert world.ask(node, "k8s:get", "secrets").answer.verdict is DEPENDS


GKE = given("google_container_cluster", "x", name="x")


@pytest.mark.parametrize(
    ("role_name", "secrets", "command", "node", "custom"),
    [
        ("roles/container.admin", ALLOWED, ALLOWED, ALLOWED, ALLOWED),
        ("roles/container.developer", ALLOWED, ALLOWED, ALLOWED, ALLOWED),
        ("roles/container.viewer", NOT_GRANTED, NOT_GRANTED, NOT_GRANTED, NOT_GRANTED),
        ("roles/container.clusterAdmin", NOT_GRANTED, NOT_GRANTED, NOT_GRANTED, NOT_GRANTED),
        ("roles/container.clusterViewer", NOT_GRANTED, NOT_GRANTED, NOT_GRANTED, NOT_GRANTED),
        ("roles/some.thing", DEPENDS, DEPENDS, DEPENDS, DEPENDS),
    ],
)
def test_roles_of_google_inside_a_cluster(
    role_name: str, secrets: Verdict, command: Verdict, node: Verdict, custom: Verdict
) -> None:
    made = [GKE, account("job"), bound(role_name, project="acme")]
    asked = ("get", "secrets/ml"), ("create", "pods:exec"), ("deletecollection", "nodes"), ("patch", "trainjobs.x.org")
    found = [may(made, f"k8s:{verb}", kind, EMAIL).verdict for verb, kind in asked]
    assert found == [secrets, command, node, custom]


def test_reading_on_gke() -> None:
    made = [GKE, account("job"), bound("roles/container.viewer", project="acme")]
    found = may(made, "k8s:watch", "deployments/ml", EMAIL)
    assert (found.verdict, found.by and found.by.name, found.what) == (
        ALLOWED,
        "roles/container.viewer",
        "watch deployments.apps in ml",
    )
    assert may(made, "k8s:get", "pods:status", EMAIL).verdict is ALLOWED
    assert may(made, "k8s:get", "pods:log", EMAIL).verdict is NOT_GRANTED
    assert may(made, "k8s:update", "deployments:scale", EMAIL).verdict is NOT_GRANTED


def test_users_and_groups_on_gke() -> None:
    reads = of_rbac("cluster_role", "reads", rule=READS)
    made = [GKE, account("job"), reads]
    user = binding("cluster_role_binding", "ClusterRole", "reads", kind="User", name=EMAIL)
    group = binding("cluster_role_binding", "ClusterRole", "reads", kind="Group", name="ml@example.com")
    assert may([*made, user], "k8s:get", "secrets", EMAIL).verdict is ALLOWED
    found = may([*made, group], "k8s:get", "secrets", EMAIL)
    assert (found.verdict, found.why) == (DEPENDS, "group membership is not known offline: ml@example.com")


def test_questions_that_mean_nothing() -> None:
    world = World([*role(), eks(), entry()])
    [job] = world.subjects("role:job")
    for action, resource, hint in (
        ("k8s:gett", "secrets", "did you mean `k8s:get`?"),
        ("k8s:get", "secret", "did you mean `secrets`?"),
        ("k8s:get", "bucket:data", "a kind of objects, such as secrets"),
    ):
        with pytest.raises(DiagnosticsError) as error:
            world.ask(job, action, resource)
        [problem] = error.value.diagnostics
        assert hint in (problem.hint or "")


def test_what_hurts_most() -> None:
    world = World([*role(), eks(), entry(), policy("AmazonEKSEditPolicy")])
    [job] = world.subjects("role:job")
    found = [words for words, reply in world.table(job) if reply.may]
    assert found == ["read the cluster's secrets", "run commands in pods", "make pods"]


def test_everything_is_asked_of_the_cluster_too() -> None:
    world = World([*role(), eks(), entry(), policy("AmazonEKSViewPolicy")])
    [job] = world.subjects("role:job")
    found = world.ask(job, "*", "*")
    assert (found.action, found.answer.verdict, found.answer.by and found.answer.by.name) == (
        "*",
        ALLOWED,
        "AmazonEKSViewPolicy",
    )


@pytest.mark.parametrize("action", ["k8s:Get", "k8s:g*", "k8s:LIST", "k8s:", "k8s:get "])
def test_a_verb_that_rbac_would_not_compare_is_refused(action: str) -> None:
    world = World([*role(), eks(), entry(), policy("AmazonEKSSecretReaderPolicy")])
    [job] = world.subjects("role:job")
    with pytest.raises(DiagnosticsError):
        world.ask(job, action, "secrets")
    assert world.ask(job, "k8s:*", "secrets").answer.verdict is ALLOWED


def test_names_with_wildcards() -> None:
    named = of_rbac("cluster_role", "reads", rule=rules(([""], ["secrets"], ["get"]), names=["db-1"]))
    made = [*role(), eks(), entry("readers"), named]
    made.append(binding("cluster_role_binding", "ClusterRole", "reads", **GROUP))
    found = [may(made, "k8s:get", f"secrets/ml/{name}").verdict for name in ("db-1", "db-*", "*", "web-*", "db-2")]
    assert found == [ALLOWED, ALLOWED, ALLOWED, NOT_GRANTED, NOT_GRANTED]


@pytest.mark.parametrize(
    "subject",
    [{"kind": "Group", "name": "system:unauthenticated"}, {"kind": "User", "name": "system:anonymous"}],
)
def test_a_binding_for_whoever_sends_no_credentials_is_everybodys(subject: dict[str, str]) -> None:
    reads = of_rbac("cluster_role", "reads", rule=READS)
    made = [*role(), eks(), reads, binding("cluster_role_binding", "ClusterRole", "reads", **subject)]
    assert may(made, "k8s:get", "secrets").verdict is ALLOWED
    assert may([*made, entry()], "k8s:get", "secrets").verdict is ALLOWED
    assert may([*made, of_rbac("service_account", "api", "ml")], "k8s:get", "secrets", "ml/api").verdict is ALLOWED
    world = World(made)
    nobody = world.ask(Subject("fork"), "k8s:get", "secrets")
    assert (nobody.answer.verdict, nobody.identity) == (ALLOWED, "anybody")
    assert world.ask(Subject("fork"), "k8s:delete", "secrets").answer.verdict is NOT_GRANTED


SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/job"


@pytest.mark.parametrize(
    ("user_name", "bound_to", "verdict"),
    [
        ("", f"{SESSION}/alice", DEPENDS),
        ("", f"{SESSION}s/alice", NOT_GRANTED),
        ("", f"arn:aws:iam::{ACCOUNT}:role/job", NOT_GRANTED),
        ("team:{{SessionName}}", "team:alice", DEPENDS),
        ("{{AccountID}}:{{SessionNameRaw}}", f"{ACCOUNT}:alice", DEPENDS),
        ("team:{{SessionName}}", "others:alice", NOT_GRANTED),
        ("alice", "alice", ALLOWED),
        ("alice", "bob", NOT_GRANTED),
    ],
)
def test_names_that_eks_gives(user_name: str, bound_to: str, verdict: Verdict) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/people/job"
    named = given("aws_eks_access_entry", "x", principal_arn=arn, user_name=user_name or None)
    user = {"kind": "User", "name": bound_to}
    made = [*role(), eks(), named, binding("cluster_role_binding", "ClusterRole", "cluster-admin", **user)]
    assert may(made, "k8s:get", "secrets").verdict is verdict


def test_each_entry_of_a_role_counts() -> None:
    def named(name: str) -> Given:
        return given("aws_eks_access_entry", name, principal_arn=ARN, user_name=name)

    bound_to = binding("cluster_role_binding", "ClusterRole", "cluster-admin", kind="User", name="two")
    assert may([*role(), eks(), named("one"), named("two"), bound_to], "k8s:get", "secrets").verdict is ALLOWED


@pytest.mark.parametrize("subject", [{"kind": "User"}, {"kind": "Group", "name": ""}, {"kind": "ServiceAccount"}])
def test_a_binding_of_whom_no_plan_knows(subject: dict[str, str]) -> None:
    made = [*role(), eks(), entry(), binding("cluster_role_binding", "ClusterRole", "cluster-admin", **subject)]
    found = may(made, "k8s:get", "secrets")
    assert (found.verdict, found.why) == (DEPENDS, "whom it binds is not known here")


def test_a_binding_without_subjects_may_bind_anybody() -> None:
    ref = [{"kind": "ClusterRole", "name": "cluster-admin"}]
    made = [*role(), eks(), entry(), of_rbac("cluster_role_binding", "who", role_ref=ref)]
    assert may(made, "k8s:get", "secrets").verdict is DEPENDS


def test_roles_of_the_same_name_do_not_hide_each_other() -> None:
    first = of_rbac("cluster_role", "same", rule=READS)
    second = of_rbac("cluster_role", "same", rule=rules(([""], ["pods"], ["create"])))
    made = [*role(), eks(), entry("readers"), first, second]
    made.append(binding("cluster_role_binding", "ClusterRole", "same", **GROUP))
    assert [may(made, *one).verdict for one in (("k8s:get", "secrets"), ("k8s:create", "pods"))] == [ALLOWED, ALLOWED]


@pytest.mark.parametrize("verb", ["get", "list", "watch"])
def test_whoever_lists_secrets_reads_them(verb: str) -> None:
    world = World([*pods(kind="ServiceAccount", name="api", namespace="ml"), *lets("secrets", verb)])
    [found] = world.subjects("pod:ml")
    assert world.ask(found, "read the cluster's secrets", "secrets/other").answer.verdict is ALLOWED
    assert "read the cluster's secrets" in [words for words, reply in world.table(found) if reply.may]


@pytest.mark.parametrize("verb", ["create", "get"])
def test_either_verb_runs_commands_in_pods(verb: str) -> None:
    world = World([of_rbac("service_account", "api", "ml"), *lets("pods/exec", verb)])
    [found] = world.subjects("pod:ml")
    assert [words for words, reply in world.table(found) if reply.may] == ["run commands in pods"]


def lets(kind: str, verb: str) -> list[Given]:
    """A role of the whole cluster, and a binding of the service account `ml/api` to it."""
    bound_to = {"kind": "ServiceAccount", "name": "api", "namespace": "ml"}
    made = of_rbac("cluster_role", "one", rule=rules(([""], [kind], [verb])))
    return [made, binding("cluster_role_binding", "ClusterRole", "one", **bound_to)]


def test_words_about_anything_are_about_what_the_table_asks() -> None:
    world = World([of_rbac("service_account", "api", "ml"), *lets("pods", "get")])
    [found] = world.subjects("pod:ml")
    assert world.ask(found, "read the cluster's secrets", "*").answer.verdict is NOT_GRANTED
    assert world.ask(found, "k8s:get", "*").answer.verdict is ALLOWED


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"values": ["serviceAccount: {create: false, name: api}"]}, DEPENDS),
        ({"values": ["rbac:\n  subjects:\n    - {kind: ServiceAccount, name: api}\n"]}, DEPENDS),
        ({"set": [{"name": "controller.serviceAccount.name", "value": "api"}]}, DEPENDS),
        ({"values": ["watch: {namespace: api}\nserviceAccount: {create: true}"]}, NOT_GRANTED),
        ({"values": ["serviceAccount: {name: api-2}"]}, NOT_GRANTED),
        ({"values": ["serviceAccount: {name: api"]}, DEPENDS),
        ({}, NOT_GRANTED),
    ],
)
def test_a_chart_that_is_told_of_a_service_account_may_bind_it(values: dict[str, Any], verdict: Verdict) -> None:
    release = given("helm_release", "x", name="agents", namespace="tools", **values)
    made = [of_rbac("service_account", "api", "ml"), release]
    assert may(made, "k8s:get", "secrets", "ml/api").verdict is verdict


POD_OF_GKE = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme.svc.id.goog"
DIRECTLY = "whether GKE lets in who comes from an identity pool is not known here"


def test_a_pod_that_google_grants_something_inside_the_cluster() -> None:
    made = [GKE, bound("roles/container.admin", member=f"{POD_OF_GKE}/subject/ns/web/sa/api", project="acme")]
    world = World(made)
    [pod] = world.subjects("pod:web")
    found = world.ask(pod, "k8s:get", "secrets").answer
    assert (found.verdict, found.why) == (DEPENDS, DIRECTLY)
    assert world.ask(pod, "container.secrets.get", "*").answer.verdict is ALLOWED
    other = bound("roles/container.admin", member=f"{POD_OF_GKE}/subject/ns/other/sa/api", project="acme")
    made = [GKE, of_rbac("service_account", "api", "web"), other]
    assert may(made, "k8s:get", "secrets", "web/api").verdict is NOT_GRANTED


def test_machines_with_an_account_of_elsewhere() -> None:
    machines = [{"service_account": EMAIL}]
    pool_of = "google_container_node_pool"
    pool = Given("10", f"module.pool_api.{pool_of}.x", pool_of, {"node_config": machines})
    world = World([GKE, pool, bound("roles/container.admin", project="acme")])
    [node] = world.subjects("node:api")
    assert world.ask(node, "k8s:get", "secrets").answer.verdict is ALLOWED


def test_jobs_that_google_grants_something_inside_the_cluster() -> None:
    member = f"principalSet://iam.googleapis.com/{POOL}/attribute.grant/apply"
    made = [GKE, *pool(BY_REF), bound("roles/container.admin", member=member, project="acme")]
    clouds = engines(made)
    [gcp] = [one for one in clouds if one.cloud == "gcp"]
    [job] = [one.name for one in gcp.takes(CLAIMS) if one.name != EMAIL]
    found = clouds[-1].may(job, Wanted("k8s:get", "secrets"))
    assert (found.verdict, found.why) == (DEPENDS, DIRECTLY)
    rbac = [GKE, of_rbac("service_account", "api", "web")]
    rbac.append(binding("cluster_role_binding", "ClusterRole", "cluster-admin", kind="User", name=f"{POD_OF_GKE}/x"))
    assert may(rbac, "k8s:get", "secrets", "web/api").verdict is DEPENDS


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("impersonate", "users"),
        ("impersonate", "groups"),
        ("impersonate", "serviceaccounts/ml"),
        ("impersonate", "*"),
        ("*", "users"),
        ("update", "certificatesigningrequests:approval"),
        ("approve", "certificatesigningrequests"),
        ("update", "namespaces:finalize"),
    ],
)
def test_permissions_of_gke_by_other_names(verb: str, kind: str) -> None:
    made = [GKE, account("job"), bound("roles/container.admin", project="acme")]
    assert may(made, f"k8s:{verb}", kind, EMAIL).verdict is ALLOWED
    viewer = [GKE, account("job"), bound("roles/container.viewer", project="acme")]
    assert may(viewer, f"k8s:{verb}", kind, EMAIL).verdict is NOT_GRANTED


def test_what_gke_has_no_name_for_that_is_known_here() -> None:
    made = [GKE, account("job"), bound("roles/container.admin", project="acme")]
    found = may(made, "k8s:use", "configmaps", EMAIL)
    assert (found.verdict, found.why) == (DEPENDS, "which permission GKE asks for is not known here")
    outside = [GKE, account("job"), bound("roles/container.clusterAdmin", project="acme")]
    assert may(outside, "k8s:use", "configmaps", EMAIL).verdict is NOT_GRANTED
