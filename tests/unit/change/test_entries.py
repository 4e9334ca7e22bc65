"""What a plan does, told as entries: each thing once, nothing lost that is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.change.attribution import Attribution, Edits
from groundplan.change.configured import Configured
from groundplan.change.edits import differences
from groundplan.change.model import Counts, Interruption, Kind
from groundplan.change.planned import read_plan
from groundplan.change.protected import unprotected
from groundplan.diagnostics import Diagnostic
from tests.unit.change.plans_of import Planned, change, document, entries, lock, plan, resource

HERE = Path(__file__).parent
ROOT = "10-foundation"
BUCKET = "module.object_store.aws_s3_bucket"


def bucket(key: str, action: str) -> list[dict[str, object]]:
    """A bucket with what belongs to it, as the module makes it."""
    parts = ("ownership_controls", "policy", "versioning", "public_access_block", "lifecycle_configuration")
    name = f"acme-{key}"
    state = {"bucket": name, "id": name, "force_destroy": False}
    return [
        resource(f'{BUCKET}.this["{key}"]', action, state),
        *(resource(f'{BUCKET}_{part}.this["{key}"]', action, {"bucket": name}) for part in parts),
    ]


def test_every_action_of_terraform_is_read() -> None:
    found = change(Planned(".", json.loads((HERE / "plans" / "every-action.json").read_text(encoding="utf-8"))))
    assert found.counts == Counts(updated=1, replaced=3, destroyed=1, moved=1, forgotten=1, imported=1)
    assert found.entries == []


@pytest.mark.parametrize("action", ["nothing", "create", "update", "forget"])
def test_what_stays_or_comes_or_is_forgotten_is_no_loss(action: str) -> None:
    found = entries(plan(ROOT, *bucket("datasets", action)))
    assert [entry.kind for entry in found] == ([Kind.COSTS] if action == "forget" else [])


def test_what_is_forgotten_is_told_as_staying() -> None:
    [entry] = entries(plan(ROOT, *bucket("datasets", "forget")))
    assert entry.what == "bucket acme-datasets stays, no longer managed"
    assert "billed as before" in entry.reason


def test_what_is_moved_is_no_loss() -> None:
    moved = resource(f'{BUCKET}.this["b"]', "nothing", {"bucket": "acme-a"}, previous_address=f'{BUCKET}.this["a"]')
    found = change(plan(ROOT, moved))
    assert found.entries == []
    assert found.counts == Counts(moved=1)


def test_a_bucket_with_its_helpers_is_one_entry() -> None:
    calls = {ROOT: {"object_store": ("object_store", "storage.buckets")}}
    before = {"storage": {"buckets": {"datasets": {}, "models": {}}}}
    after = {"storage": {"buckets": {"models": {}}}}
    resources = [*bucket("datasets", "destroy"), *bucket("models", "nothing")]
    [entry] = entries(plan(ROOT, *resources), calls=calls, before=before, after=after)
    assert (entry.kind, entry.what) == (Kind.DESTROYS_DATA, "bucket acme-datasets is destroyed")
    assert (entry.component, entry.path) == ("object_store", "storage.buckets")
    assert entry.address == f'{BUCKET}.this["datasets"]'
    assert [(edit.path, edit.before, edit.after) for edit in entry.edits] == [("storage.buckets.datasets", "{}", None)]
    assert "versioning are taken off first; then the deletion fails as long as it holds objects" in entry.reason
    assert entry.avoid.startswith("keep `storage.buckets.datasets`; or copy what is needed")
    assert entry.interruption is Interruption.FOR_GOOD
    assert entry.needs_word


def test_each_bucket_needs_a_word_of_its_own() -> None:
    found = entries(plan(ROOT, *bucket("a", "destroy"), *bucket("b", "destroy")))
    assert [entry.address for entry in found] == [f'{BUCKET}.this["a"]', f'{BUCKET}.this["b"]']


def test_a_helper_that_goes_alone_weakens_its_bucket() -> None:
    name = {"bucket": "acme-a", "id": "acme-a"}
    versioning = resource(f'{BUCKET}_versioning.this["a"]', "destroy", name)
    [entry] = entries(plan(ROOT, resource(f'{BUCKET}.this["a"]', "nothing", name), versioning))
    assert (entry.kind, entry.what) == (Kind.CANNOT_BE_UNDONE, "bucket acme-a keeps no versions any more")


def test_a_pool_that_is_removed_is_interrupted_for_good() -> None:
    module = "module.pool_training_a"
    resources = [
        resource(
            f'{module}.aws_eks_node_group.this["primary"]', "destroy", {"labels": {"groundplan/pool": "training-a"}}
        ),
        resource(f"{module}.aws_launch_template.this", "destroy", {"name": "acme-training-a"}),
        resource(f"{module}.aws_iam_role.node", "destroy", {"name": "acme-training-a-node"}),
        resource(f'{module}.aws_autoscaling_group_tag.mark["primary"]', "destroy"),
    ]
    calls = {ROOT: {"pool_training_a": ("node_pool", "training.pools.a")}}
    [entry] = entries(
        plan(ROOT, *resources),
        calls=calls,
        before={"training": {"pools": {"a": {"vcpus": 4}}}},
        after={"training": {"pools": {"b": {"vcpus": 4}}}},
    )
    assert (entry.kind, entry.interruption) == (Kind.INTERRUPTS, Interruption.FOR_GOOD)
    assert entry.what == "node pool training-a is destroyed"
    assert not entry.needs_word


@pytest.mark.parametrize(
    ("action", "interruption", "words"),
    [
        ("replace", Interruption.TENS_OF_MINUTES, "no node of it is there until the new ones are"),
        ("replace, new first", Interruption.SECONDS, "every pod on the old ones is evicted once"),
    ],
)
def test_a_replaced_node_group_interrupts_either_way(action: str, interruption: Interruption, words: str) -> None:
    address = 'module.pool_training_a.aws_eks_node_group.this["primary"]'
    group = resource(address, action, {"labels": {"groundplan/pool": "training-a"}}, forced_by=["instance_types"])
    [entry] = entries(plan(ROOT, group))
    assert (entry.kind, entry.interruption, entry.forced_by) == (Kind.REPLACES, interruption, ("instance_types",))
    assert words in entry.reason
    assert entry.avoid


def test_a_key_of_for_each_that_changes_is_a_replacement() -> None:
    address = "module.network.aws_subnet.private"
    old = [resource(f'{address}["az{zone}"]', "destroy", {"tags": {"Name": f"acme-az{zone}"}}) for zone in (4,)]
    new = [resource(f'{address}["az{zone}"]', "create", after={"tags": {"Name": f"acme-az{zone}"}}) for zone in (5, 6)]
    found = change(plan(ROOT, *old, *new))
    [entry] = found.entries
    assert (entry.kind, entry.address) == (Kind.REPLACES, f'{address}["az5"]')
    assert found.counts == Counts(replaced=1, created=1)


def test_the_same_key_in_another_module_is_no_replacement() -> None:
    old = resource('module.a.aws_subnet.private["x"]', "destroy", {"tags": {"Name": "a"}})
    new = resource('module.b.aws_subnet.private["y"]', "create", after={"tags": {"Name": "b"}})
    assert change(plan(ROOT, old, new)).counts == Counts(destroyed=1, created=1)


def test_names_of_the_user_are_things_of_their_own() -> None:
    """A bucket that goes and another one that comes: nobody calls that a replacement."""
    before, after = {"storage": {"buckets": {"a": {}}}}, {"storage": {"buckets": {"b": {}}}}
    [entry] = entries(plan(ROOT, *bucket("a", "destroy"), *bucket("b", "create")), before=before, after=after)
    assert entry.what == "bucket acme-a is destroyed"


def test_a_cluster_takes_along_what_lives_in_it() -> None:
    cluster = resource("module.cluster.aws_eks_cluster.this", "replace", {"name": "acme"}, forced_by=["name"])
    inside = [
        resource("module.mlflow.kubernetes_namespace_v1.mlflow", "nothing", {"metadata": [{"name": "mlflow"}]}),
        resource("module.monitoring.helm_release.prometheus", "update", {"name": "prometheus"}),
        resource("module.monitoring.helm_release.pushgateway", "nothing", {"name": "pushgateway"}),
        resource("module.new.helm_release.new", "create", after={"name": "new"}),
    ]
    [lost, replaced] = entries(plan(ROOT, cluster), plan("20-platform", *inside))
    assert (replaced.kind, replaced.what) == (Kind.REPLACES, "cluster acme is replaced")
    assert "with it: namespace mlflow and 2 charts" in replaced.reason
    assert replaced.interruption is Interruption.TENS_OF_MINUTES
    assert (lost.kind, lost.what) == (Kind.DESTROYS_DATA, "namespace mlflow goes with cluster acme")
    assert lost.address == replaced.address


def test_volumes_that_go_with_a_cluster_are_data() -> None:
    cluster = resource("module.cluster.aws_eks_cluster.this", "replace", {"name": "acme"}, forced_by=["name"])
    values = {"name": "prometheus", "values": ['{"storageSpec": {"volumeClaimTemplate": {}}}']}
    chart = resource("module.monitoring.helm_release.prometheus", "nothing", values)
    [lost, _] = entries(plan(ROOT, cluster), plan("20-platform", chart))
    assert (lost.kind, lost.what) == (Kind.DESTROYS_DATA, "volumes of chart prometheus go with cluster acme")
    assert (lost.root, lost.address) == ("20-platform", "module.monitoring.helm_release.prometheus")


def test_a_root_that_stays_as_it_is_goes_with_its_cluster_too() -> None:
    cluster = resource("module.cluster.aws_eks_cluster.this", "replace", {"name": "acme"}, forced_by=["name"])
    calls = {
        "00-state": {"state_store": ("state_store", "state")},
        ROOT: {"cluster": ("cluster", "cluster")},
        "20-platform": {"monitoring": ("monitoring", "monitoring")},
    }
    same = [Planned(root, None, same=True) for root in ("00-state", "20-platform", "30-others")]
    [lost, replaced] = entries(plan(ROOT, cluster), *same, calls=calls)
    assert lost.what == "namespaces and volumes of 20-platform go with cluster acme"
    assert (lost.kind, lost.root, lost.address) == (Kind.DESTROYS_DATA, "20-platform", replaced.address)
    assert "with it: all that 20-platform makes in it" in replaced.reason
    assert "30-others" not in replaced.reason


def test_a_database_replaced_leaves_a_snapshot_whose_name_may_be_taken() -> None:
    state = {
        "identifier": "acme-mlflow",
        "skip_final_snapshot": False,
        "final_snapshot_identifier": "acme-mlflow-final",
    }
    database = resource("module.db.aws_db_instance.this", "replace", state, forced_by=["kms_key_id"])
    secret = resource("module.db.aws_secretsmanager_secret.this", "nothing", {"name": "acme/mlflow"})
    [entry] = entries(plan(ROOT, database, secret))
    assert (entry.kind, entry.forced_by) == (Kind.DESTROYS_DATA, ("kms_key_id",))
    assert "a last snapshot acme-mlflow-final is taken before; where one of that name exists" in entry.reason
    assert "restore the new one from it" in entry.avoid


def test_protection_that_stands_in_the_way_is_told() -> None:
    state = {"identifier": "acme", "deletion_protection": True}
    [entry] = entries(plan(ROOT, resource("aws_db_instance.this", "destroy", state)))
    assert "its deletion protection refuses it" in entry.reason


@pytest.mark.parametrize(
    ("type_", "before", "after", "kind", "what"),
    [
        (
            "aws_db_instance",
            {"deletion_protection": True},
            {"deletion_protection": False},
            Kind.CANNOT_BE_UNDONE,
            "loses its protection",
        ),
        (
            "aws_db_instance",
            {"backup_retention_period": 14},
            {"backup_retention_period": 7},
            Kind.DESTROYS_DATA,
            "fewer days of backups",
        ),
        (
            "aws_cloudwatch_log_group",
            {"retention_in_days": 0},
            {"retention_in_days": 30},
            Kind.DESTROYS_DATA,
            "for fewer days",
        ),
        (
            "google_storage_bucket",
            {"versioning": [{"enabled": True}]},
            {"versioning": [{"enabled": False}]},
            Kind.CANNOT_BE_UNDONE,
            "no versions",
        ),
        (
            "google_storage_bucket",
            {"lifecycle_rule": [{"action": [{"type": "Delete"}], "condition": [{"age": 90}]}]},
            {"lifecycle_rule": [{"action": [{"type": "Delete"}], "condition": [{"age": 30}]}]},
            Kind.DESTROYS_DATA,
            "deletes objects earlier",
        ),
        (
            "aws_ecr_lifecycle_policy",
            {"policy": '{"rules": [{"selection": {"countNumber": 50}}]}'},
            {"policy": '{"rules": [{"selection": {"countNumber": 5}}]}'},
            Kind.DESTROYS_DATA,
            "keeps fewer images",
        ),
    ],
)
def test_what_takes_something_off_is_told(
    type_: str, before: dict[str, object], after: dict[str, object], kind: Kind, what: str
) -> None:
    address = f"{type_}.this"
    found = [entry for entry in entries(plan(ROOT, resource(address, "update", before, after))) if what in entry.what]
    assert [entry.kind for entry in found] == [kind]
    assert entries(plan(ROOT, resource(address, "update", after, before))) == []


@pytest.mark.parametrize("versions", [("1.34", "1.35"), ("1.35", "1.34")])
def test_another_version_of_kubernetes_cannot_be_undone_either_way(versions: tuple[str, str]) -> None:
    before, after = ({"name": "acme", "version": version} for version in versions)
    [entry] = entries(plan(ROOT, resource("aws_eks_cluster.this", "update", before, after)))
    assert (entry.kind, entry.what) == (Kind.CANNOT_BE_UNDONE, "cluster acme gets another version of Kubernetes")


def test_an_archive_rule_deletes_nothing() -> None:
    rules = [{"action": [{"type": "SetStorageClass"}], "condition": [{"age": age}]} for age in (90, 30)]
    before, after = ({"lifecycle_rule": [rule]} for rule in rules)
    assert entries(plan(ROOT, resource("google_storage_bucket.this", "update", before, after))) == []


def test_what_is_known_only_after_apply_is_not_taken_for_less_and_not_for_as_much() -> None:
    unknown = {"backup_retention_period": True}
    before, after = {"backup_retention_period": 14}, {}
    [entry] = entries(plan(ROOT, resource("aws_db_instance.this", "update", before, after, unknown=unknown)))
    assert (entry.kind, entry.reason) == (Kind.UNKNOWN, "whether it does is known only after apply")
    assert "keeps fewer days of backups" in entry.what


def test_a_type_without_facts_is_unknown() -> None:
    [entry] = entries(plan(ROOT, resource("acme_thing.this", "destroy", {"name": "x"})))
    assert (entry.kind, entry.what) == (Kind.UNKNOWN, "thing x is destroyed")


def test_tags_and_descriptions_are_no_entry() -> None:
    before, after = {"tags": {"a": "1"}, "description": "x"}, {"tags": {"a": "2"}, "description": "y"}
    assert entries(plan(ROOT, resource("aws_eks_cluster.this", "update", before, after))) == []


def test_edits_of_what_a_call_takes_values_of_lead_to_it() -> None:
    calls = {ROOT: {"cluster": ("cluster", "cluster"), "pool_a": ("node_pool", "training.pools.a")}}
    before = {"cluster": {"version": "1.34"}, "training": {"pools": {"a": {}}}}
    after = {"cluster": {"version": "1.35"}, "training": {"pools": {"a": {}}}}
    group = resource("module.pool_a.aws_eks_node_group.this", "update", {"version": "1.34"}, {"version": "1.35"})
    [entry] = entries(
        plan(ROOT, group, calls={"pool_a": ["module.cluster.cluster", "module.cluster"]}),
        calls=calls,
        before=before,
        after=after,
    )
    assert entry.kind is Kind.INTERRUPTS
    assert [(edit.path, edit.before, edit.after) for edit in entry.edits] == [("cluster.version", "1.34", "1.35")]
    assert entry.avoid == "keep `cluster.version` at 1.34"


def test_the_order_is_that_of_weight_and_then_of_the_environment() -> None:
    things = [
        resource('module.b.aws_eks_node_group.this["x"]', "replace", {"node_group_name": "b"}),
        resource('module.a.aws_eks_node_group.this["x"]', "replace", {"node_group_name": "a"}),
        *bucket("z", "destroy"),
        resource("aws_nat_gateway.this", "destroy", {"id": "nat-1"}),
    ]
    found = entries(plan(ROOT, *things))
    assert found == entries(plan(ROOT, *reversed(things)))
    assert [entry.kind for entry in found] == [Kind.DESTROYS_DATA, Kind.REPLACES, Kind.REPLACES, Kind.INTERRUPTS]


def test_what_is_opened_is_an_entry_with_its_place_in_the_spec() -> None:
    calls = {ROOT: {"cluster": ("cluster", "cluster")}}
    config = [{"endpoint_public_access": False, "public_access_cidrs": []}]
    wider = [{"endpoint_public_access": True, "public_access_cidrs": ["0.0.0.0/0"]}]
    cluster = resource(
        "module.cluster.aws_eks_cluster.this",
        "update",
        {"name": "acme", "vpc_config": config},
        {"name": "acme", "vpc_config": wider},
    )
    found = entries(
        plan(ROOT, cluster), calls=calls, before={"cluster": {"public": False}}, after={"cluster": {"public": True}}
    )
    [entry] = [one for one in found if one.kind is Kind.OPENS]
    assert (entry.component, entry.address) == ("cluster", "module.cluster.aws_eks_cluster.this")
    assert entry.avoid == "keep `cluster.public` at false"


def test_a_root_that_cannot_be_planned_is_unknown() -> None:
    why = Diagnostic("GP504", "no module of that name")
    [entry] = entries(Planned(ROOT, None, (why,)))
    assert (entry.kind, entry.root, entry.address) == (Kind.UNKNOWN, ROOT, "")
    assert entry.reason == "no module of that name"


def test_a_message_of_several_lines_is_one_sentence() -> None:
    [entry] = entries(Planned(ROOT, None, (Diagnostic("GP504", "Invalid value:\n\n  on main.tf line 3\n"),)))
    assert entry.reason == "Invalid value: on main.tf line 3"


def test_what_prevent_destroy_refuses_is_told_as_refused() -> None:
    address = f'{BUCKET}.this["a"]'
    refused = Diagnostic("GP512", "refused", address=address)
    found = plan(ROOT, *bucket("a", "destroy"))
    [entry] = entries(Planned(ROOT, found.plan, (refused,)))
    assert entry.reason.startswith("`prevent_destroy` refuses it")
    assert entry.stops[0] in entry.reason
    assert "as long as it holds objects" in entry.stops[1]


def test_a_namespace_is_data_as_claims_of_volumes_go_with_it() -> None:
    namespace = resource("kubernetes_namespace_v1.this", "destroy", {"metadata": [{"name": "monitoring"}]})
    chart = resource("helm_release.x", "destroy", {"name": "x", "namespace": "monitoring"})
    [lost] = entries(plan(ROOT, namespace, chart))
    assert (lost.kind, lost.what) == (Kind.DESTROYS_DATA, "namespace monitoring is destroyed")
    assert "with it: chart x" in lost.reason


def test_what_happens_twice_to_a_thing_is_one_entry_of_its_class() -> None:
    states = [
        {
            "name": "acme",
            "settings": [
                {
                    "backup_configuration": [
                        {
                            "backup_retention_settings": [{"retained_backups": days}],
                            "transaction_log_retention_days": days,
                        }
                    ]
                }
            ],
        }
        for days in (7, 3)
    ]
    [entry] = entries(plan(ROOT, resource("google_sql_database_instance.this", "update", *states)))
    assert entry.kind is Kind.DESTROYS_DATA
    assert entry.what == "database acme keeps fewer backups and can be restored to fewer past days"
    assert len(entry.forced_by) == 2


DEPLOYMENT = {"metadata": [{"name": "x", "namespace": "mlflow"}]}
CLAIMED = [{"template": [{"spec": [{"volume": [{"persistent_volume_claim": [{"claim_name": "x"}]}]}]}]}]
EXPORTER = {"name": "exporter", "chart": "dcgm-exporter", "namespace": "mlflow"}


@pytest.mark.parametrize(
    ("inside", "data"),
    [
        ([("kubernetes_deployment_v1", DEPLOYMENT)], False),
        ([("helm_release", EXPORTER)], False),
        ([("kubernetes_deployment_v1", DEPLOYMENT), ("helm_release", EXPORTER)], False),
        ([("helm_release", EXPORTER | {"chart": "../modules/kubernetes/mlflow/backend_config"})], False),
        ([("helm_release", EXPORTER | {"values": ["persistentVolume: {size: 8Gi}"]})], True),
        ([("helm_release", EXPORTER | {"chart": "postgresql"})], True),
        ([("kubernetes_deployment_v1", DEPLOYMENT | {"spec": CLAIMED})], True),
        ([("kubernetes_deployment_v1", DEPLOYMENT), ("kubernetes_stateful_set_v1", DEPLOYMENT)], True),
        ([("kubernetes_deployment_v1", DEPLOYMENT), ("kubernetes_persistent_volume_claim_v1", DEPLOYMENT)], True),
        ([("kubernetes_deployment_v1", DEPLOYMENT), ("kubernetes_network_policy_v1", DEPLOYMENT)], False),
        ([("kubernetes_service_account_v1", DEPLOYMENT)], True),
        ([], True),
    ],
)
def test_a_namespace_in_which_nothing_asks_for_a_volume_is_no_data(
    inside: list[tuple[str, dict[str, object]]], data: bool
) -> None:
    parts = [resource(f"{type_}.x", "destroy", state) for type_, state in inside]
    namespace = resource("kubernetes_namespace_v1.this", "destroy", {"metadata": [{"name": "mlflow"}]})
    gone = next(one for one in entries(plan(ROOT, namespace, *parts)) if one.what == "namespace mlflow is destroyed")
    expected = Kind.DESTROYS_DATA if data else Kind.INTERRUPTS
    assert (gone.kind, gone.interruption) == (expected, Interruption.FOR_GOOD)


def test_a_chart_with_a_volume_interrupts_when_it_rolls() -> None:
    """The volume is bound to one pod at a time."""
    before, after = ({"name": "x", "values": [f"persistentVolume: {{size: {n}Gi}}"]} for n in (1, 2))
    [entry] = entries(plan(ROOT, resource("helm_release.x", "update", before, after)))
    assert (entry.kind, entry.what, entry.interruption) == (
        Kind.INTERRUPTS,
        "chart x restarts its pods",
        Interruption.SECONDS,
    )


@pytest.mark.parametrize(
    ("type_", "state"),
    [
        ("google_sql_database", {"name": "mlflow", "deletion_policy": "ABANDON"}),
        ("google_project_service", {"service": "run.googleapis.com", "disable_on_destroy": False}),
        ("aws_cloudwatch_log_group", {"name": "x", "skip_destroy": True}),
        ("terraform_data", {"input": 1}),
    ],
)
def test_what_a_provider_leaves_where_it_is_is_no_loss(type_: str, state: dict[str, object]) -> None:
    found = entries(plan(ROOT, resource(f"{type_}.this", "destroy", state)))
    assert [entry.what for entry in found] == (
        ["log group x stays, no longer managed"] if "skip_destroy" in state else []
    )


def test_an_update_of_a_type_without_facts_may_be_a_replacement() -> None:
    [entry] = entries(plan(ROOT, resource("acme_thing.this", "update", {"name": "x", "y": 1}, {"name": "x", "y": 2})))
    assert (entry.kind, entry.what) == (Kind.UNKNOWN, "thing x is updated, or replaced")


@pytest.mark.parametrize(("after", "told"), [("10.0.0.0/8", False), ("10.1.0.0/16", True)])
def test_callers_that_are_left_out_are_cut_off(after: str, told: bool) -> None:
    states = [{"name": "acme", "vpc_config": [{"public_access_cidrs": [cidr]}]} for cidr in ("10.0.0.0/16", after)]
    found = entries(plan(ROOT, resource("aws_eks_cluster.this", "update", *states)))
    assert any(one.what == "cluster acme answers fewer callers" for one in found) is told


def test_everything_of_a_name_is_one_entry_and_named_once() -> None:
    """A pool with a group in each zone."""
    address = "module.pool_a.aws_eks_node_group.this"
    groups = [resource(f'{address}["primary-{n}"]', "replace", {"labels": {"groundplan/pool": "a"}}) for n in (1, 2)]
    [entry] = entries(plan(ROOT, *groups))
    assert entry.what == "node pool a is replaced"


def test_things_of_a_kind_are_told_together() -> None:
    subnets = [resource(f'aws_subnet.this["{n}"]', "replace", {"tags": {"Name": f"s{n}"}}) for n in "abcdef"]
    [entry] = entries(plan(ROOT, *subnets))
    assert entry.what == "subnets sa, sb, sc and 3 more are replaced"


def test_what_belongs_to_the_user_s_name_is_no_replacement_either() -> None:
    """The namespace of a pool is called after it."""
    address = "module.workspaces.kubernetes_namespace_v1.this"
    old = resource(f'{address}["training-a"]', "destroy", {"metadata": [{"name": "training-a"}]})
    new = resource(f'{address}["training-b"]', "create", after={"metadata": [{"name": "training-b"}]})
    pools = [{"training": {"pools": {name: {}}}} for name in "ab"]
    calls = {ROOT: {"workspaces": ("workspaces", "training")}}
    [entry] = entries(plan(ROOT, old, new), calls=calls, before=pools[0], after=pools[1])
    assert (entry.kind, entry.what) == (Kind.DESTROYS_DATA, "namespace training-a is destroyed")
    assert entry.avoid.startswith(
        "if it is the same one under another name, write `renamed_from: a` at `training.pools.b`"
    )


def test_what_goes_with_a_namespace_opens_nothing() -> None:
    namespace = resource("kubernetes_namespace_v1.this", "destroy", {"metadata": [{"name": "x"}]})
    account = {"metadata": [{"name": "default", "namespace": "x"}], "automount_service_account_token": False}
    gone = resource("kubernetes_default_service_account_v1.this", "destroy", account)
    assert [entry.kind for entry in entries(plan(ROOT, namespace, gone))] == [Kind.DESTROYS_DATA]


def test_a_part_may_be_in_another_root_than_its_whole() -> None:
    namespace = resource("kubernetes_namespace_v1.this", "destroy", {"metadata": [{"name": "mlflow"}]})
    access = resource("aws_eks_pod_identity_association.this", "destroy", {"namespace": "mlflow"})
    [entry] = entries(plan(ROOT, access), plan("20-platform", namespace))
    assert "with it: access of pods mlflow" in entry.reason


def test_a_chart_that_rolls_interrupts_nothing() -> None:
    before, after = ({"name": "x", "values": [str(number)]} for number in (1, 2))
    assert change(plan(ROOT, resource("helm_release.x", "update", before, after))).entries == []


def test_of_several_edits_those_that_speak_of_the_argument_lead_to_it() -> None:
    before = {"cluster": {"version": "1.34", "deletion_protection": True, "logs_retention_days": 365}}
    after = {"cluster": {"version": "1.35", "deletion_protection": False, "logs_retention_days": 30}}
    states = [
        {"name": "acme", "deletion_protection": on, "version": version}
        for on, version in ((True, "1.34"), (False, "1.35"))
    ]
    logs = [{"name": "logs", "retention_in_days": days} for days in (365, 30)]
    resources = [
        resource("module.cluster.aws_eks_cluster.this", "update", *states),
        resource("module.cluster.aws_cloudwatch_log_group.this", "update", *logs),
    ]
    calls = {ROOT: {"cluster": ("cluster", "cluster")}}
    found = entries(plan(ROOT, *resources), calls=calls, before=before, after=after)
    assert {entry.forced_by: [edit.path for edit in entry.edits] for entry in found} == {
        ("retention_in_days",): ["cluster.logs_retention_days"],
        ("version",): ["cluster.version"],
        ("deletion_protection",): ["cluster.deletion_protection"],
    }


def test_a_zone_is_no_name_of_a_pool() -> None:
    address = "module.pool_s.google_container_node_pool.this"
    old = resource(f'{address}["on-demand/us-central1-a"]', "destroy", {"name": "s-on-demand"})
    new = resource(f'{address}["spot/us-central1-a"]', "create", after={"name": "s-spot"})
    [entry] = entries(
        plan(ROOT, old, new), before={"training": {"pools": {"a": {}}}}, after={"training": {"pools": {}}}
    )
    assert (entry.kind, entry.what, entry.forced_by) == (
        Kind.REPLACES,
        "node pool s-on-demand is replaced",
        ("for_each",),
    )


def test_a_key_that_goes_tells_what_it_encrypts() -> None:
    state = {"id": "k", "arn": "arn:k", "tags": {"Name": "acme"}}
    key = resource('module.keys.aws_kms_key.this["storage"]', "destroy", state)
    other = resource("aws_db_instance.this", "nothing", {"identifier": "runs", "kms_key_id": "arn:k"})
    [entry] = entries(plan(ROOT, key, other, resource("aws_db_instance.b", "nothing", {"identifier": "b"})))
    assert (entry.kind, entry.what) == (Kind.DESTROYS_DATA, "key acme is destroyed")
    assert "in use: database runs" in entry.reason


def test_a_secret_that_goes_with_its_database_tells_that_its_name_is_taken() -> None:
    database = resource("module.db.aws_db_instance.this", "destroy", {"identifier": "acme"})
    state = {"name": "acme/mlflow", "recovery_window_in_days": 30}
    secret = resource("module.db.aws_secretsmanager_secret.this", "destroy", state)
    [entry] = entries(plan(ROOT, database, secret))
    assert "with it: secret acme/mlflow" in entry.reason
    assert "secret acme/mlflow: the name stays taken for 30 days" in entry.reason


def test_the_system_pool_is_told_as_such() -> None:
    group = resource("module.pool_system.aws_eks_node_group.this", "replace", {"labels": {"groundplan/pool": "system"}})
    [entry] = entries(plan(ROOT, group), calls={ROOT: {"pool_system": ("node_pool", "cluster")}})
    assert "DNS, the autoscaler and the add-ons of the cluster run on it" in entry.reason


def test_a_network_interrupts_even_where_the_new_one_comes_first() -> None:
    network = resource("aws_vpc.this", "replace, new first", {"id": "vpc-1"}, forced_by=["cidr_block"])
    [entry] = entries(plan(ROOT, network))
    assert (entry.kind, entry.interruption) == (Kind.REPLACES, Interruption.TENS_OF_MINUTES)


def test_values_nested_however_deep_are_told_too() -> None:
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    found = [
        resource("terraform_data.this", "update", {"input": deep}, {"input": [deep]}, unknown={"output": deep}),
        resource("aws_kms_key.this", "destroy", {"id": "k", "arn": "a"}),
        resource("acme_thing.this", "nothing", {"x": deep}),
    ]
    assert [entry.kind for entry in entries(plan(ROOT, *found, calls={"x": [deep]}))] == [Kind.DESTROYS_DATA]  # type: ignore[list-item]


def test_thousands_of_parts_are_told_in_one_pass() -> None:
    """Each looks for its whole among as many."""
    groups = [resource(f'aws_security_group.this["{n}"]', "destroy", {"id": f"sg-{n}"}) for n in range(4_000)]
    rules = [
        resource(f'aws_vpc_security_group_ingress_rule.this["{n}"]', "destroy", {"security_group_id": f"sg-{n}"})
        for n in range(4_000)
    ]
    assert len(entries(plan(ROOT, *groups, *rules))) <= 1


KEPT = 'resource "aws_kms_key" "this" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n'
BRACKETED = KEPT.replace("true", '( /* kept */ "true")')
LOOSE = 'resource "aws_kms_key" "this" {\n}\n'


@pytest.mark.parametrize(
    ("new", "told"), [(KEPT, False), (KEPT + "# moved\n", False), (BRACKETED, False), (LOOSE, True)]
)
def test_a_resource_that_loses_its_prevent_destroy_is_told(tmp_path: Path, new: str, told: bool) -> None:
    for side, text in (("before", KEPT), ("after", new)):
        (tmp_path / side / "root").mkdir(parents=True)
        (tmp_path / side / "root" / "main.tf").write_text(text, encoding="utf-8")
    rows = list(read_plan("root", plan("root", resource("aws_kms_key.this", "nothing", {"id": "k"})).plan or {}))
    found = [finding.what for finding in unprotected(rows, tmp_path / "before", tmp_path / "after")]
    assert found == (["loses its `prevent_destroy`"] if told else [])


@pytest.mark.parametrize(
    ("before", "after", "told"), [([14, 100], [14, 20], True), ([14, 20], [14, 100], False), ([14], [14, 20], True)]
)
def test_one_rule_of_several_that_keeps_less_is_told(before: list[int], after: list[int], told: bool) -> None:
    states = [
        {"repository": "a", "policy": json.dumps({"rules": [{"selection": {"countNumber": n}} for n in numbers]})}
        for numbers in (before, after)
    ]
    found = entries(plan(ROOT, resource("aws_ecr_lifecycle_policy.this", "update", *states)))
    assert [entry.kind for entry in found] == ([Kind.DESTROYS_DATA] if told else [])


def test_images_that_begin_to_expire_are_data() -> None:
    kept = {"repository_id": "a", "cleanup_policies": []}
    policy = [{"most_recent_versions": [{"keep_count": 20}]}]
    [entry] = entries(
        plan(
            ROOT,
            resource("google_artifact_registry_repository.this", "update", kept, {**kept, "cleanup_policies": policy}),
        )
    )
    assert (entry.kind, entry.what) == (Kind.DESTROYS_DATA, "repository a keeps fewer images")


def test_an_edit_of_the_cluster_counts_beside_one_of_the_pool() -> None:
    """Nodes are renewed by both."""
    before = {"cluster": {"version": "1.34"}, "training": {"pools": {"a": {"node_release": "x"}}}}
    after = {"cluster": {"version": "1.35"}, "training": {"pools": {"a": {"node_release": "y"}}}}
    calls = {ROOT: {"cluster": ("cluster", "cluster"), "pool_a": ("node_pool", "training.pools.a")}}
    group = resource("module.pool_a.aws_eks_node_group.this", "update", {"version": "1.34"}, {"version": "1.35"})
    [entry] = entries(
        plan(ROOT, group, calls={"pool_a": ["module.cluster.cluster"]}), calls=calls, before=before, after=after
    )
    assert [edit.path for edit in entry.edits] == ["cluster.version"]


def test_what_a_local_is_made_of_may_be_any_edit_of_the_call() -> None:
    """Beside one that the argument names: a chart's values are made of both."""
    before = {"monitoring": {"x": 1}, "training": {"pools": {"a": {}}}}
    after = {"monitoring": {"x": 2}, "training": {"pools": {"a": {"y": 1}}}}
    found = [one.edit for one in differences(document(before), document(after))]
    call = (ROOT, "module.monitoring")
    edits = Edits(found, {call: found}, {}, {call: [(("pools",), found[1])]})
    expressions = {"values": {"references": ["local.values", "var.pools"]}}
    module = {"module": {"resources": [{"address": "helm_release.x", "expressions": expressions}]}}
    configured = Configured.of({"configuration": {"root_module": {"module_calls": {"monitoring": module}}}})
    known = lock({ROOT: {"monitoring": ("monitoring", "monitoring")}})
    attribution = Attribution(known, known, edits, {}, {ROOT: configured})
    origin = attribution.origin(ROOT, "module.monitoring.helm_release.x", ["values"])
    assert [edit.path for edit in origin.edits] == ["monitoring.x", "training.pools.a.y"]


def test_an_edit_that_makes_no_sense_alone_still_counts_at_its_block() -> None:
    before = {"cluster": {"version": "1.34", "logs": 1}}
    after = {"cluster": {"version": "1.35", "logs": 2}}
    version, logs = (one.edit for one in differences(document(before), document(after)))
    call = (ROOT, "module.cluster")
    edits = Edits([version, logs], {call: [logs]}, together=[version])
    known = lock({ROOT: {"cluster": ("cluster", "cluster")}})
    origin = Attribution(known, known, edits).origin(ROOT, "module.cluster.aws_eks_cluster.this", ["version"])
    assert [edit.path for edit in origin.edits] == ["cluster.version"]


def test_how_something_imported_looks_nobody_knows() -> None:
    states = [{"name": "a", "versioning": [{"enabled": on}]} for on in (True, False)]
    bucket_ = resource("google_storage_bucket.this", "update", *states)
    bucket_["change"]["importing"] = {"id": "a", "assumed": True}
    assert entries(plan(ROOT, bucket_)) == []
    bucket_["change"]["importing"] = {"id": "a"}
    assert [entry.kind for entry in entries(plan(ROOT, bucket_))] == [Kind.CANNOT_BE_UNDONE]


def test_an_import_that_would_replace_the_thing_loses_its_data() -> None:
    before, after = {"bucket": "a", "id": "a"}, {"bucket": "a"}
    bucket_ = resource("aws_s3_bucket.this", "replace", before, after)
    bucket_["change"]["importing"] = {"id": "a"}
    [entry] = entries(plan(ROOT, bucket_))
    assert entry.kind is Kind.DESTROYS_DATA and entry.needs_word


def test_pools_are_known_by_name_where_only_the_locks_are_there() -> None:
    """The spec that the folder was rendered from is gone: nobody knows of edits."""
    address = "module.workload_identity.aws_iam_role.workload"
    old = resource(f'{address}["training-a"]', "destroy", {"name": "a"})
    new = resource(f'{address}["training-b"]', "create", after={"name": "b"})
    pools = [{ROOT: {f"pool_training_{name}": ("node_pool", f"training.pools.{name}")}} for name in "ab"]
    assert entries(plan(ROOT, old, new), calls=pools[0], then=pools[1]) == []
    assert [entry.kind for entry in entries(plan(ROOT, old, new))] == [Kind.REPLACES]


def test_what_ends_with_a_block_is_led_to_by_its_end_and_not_by_its_neighbour() -> None:
    """A last pool cannot be taken away alone, and what its neighbours may reach changes with one that comes."""
    pools = [{"training": {"pools": {name: {}}}} for name in "ab"]
    come, gone = (one.edit for one in differences(document(pools[0]), document(pools[1])))
    call = (ROOT, "module.workspaces")
    edits = Edits([come, gone], {call: [come]}, {(*call, "training-a"): [come]}, together=[gone])
    known = lock({ROOT: {"workspaces": ("workspaces", "training")}})
    address = 'module.workspaces.kubernetes_namespace_v1.this["training-a"]'
    assert Attribution(known, known, edits).origin(ROOT, address).edits == [gone]


def test_a_call_that_comes_by_no_edit_alone_has_those_of_its_component() -> None:
    """An edit of a call that it takes values of leads elsewhere."""
    hosting = {"hosting": "kubernetes"}
    before = {"network": {"nat": "single"}, "monitoring": {"prometheus": {"hosting": "managed"}, "thresholds": 1}}
    after = {"network": {"nat": "per_zone"}, "monitoring": {"prometheus": hosting}}
    found = [one.edit for one in differences(document(before), document(after))]
    nat, *coupled = found
    edits = Edits(found, {(ROOT, "module.network"): [nat]}, together=coupled)
    calls = {"network": ("network", "network")}
    topic = {"alert_topic": ("monitoring", "monitoring.alerts")}
    locks = lock({ROOT: calls}), lock({ROOT: calls | topic})
    references = {ROOT: {"module.alert_topic": frozenset({"module.network"})}}
    origin = Attribution(*locks, edits, references).origin(ROOT, "module.alert_topic.aws_sns_topic.alerts")
    assert [edit.path for edit in origin.edits] == ["monitoring.prometheus.hosting", "monitoring.thresholds"]
