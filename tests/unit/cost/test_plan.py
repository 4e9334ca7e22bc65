"""Plans that groundplan did not render, made by real Terraform: priced where known, listed where not."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from groundplan.app import cost
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK
from groundplan.clouds import find_cloud
from groundplan.cost.plan import PlanReport, price_plan, read_plan
from groundplan.diagnostics import DiagnosticsError
from groundplan.paths import MODULES
from groundplan.terraform.offline import offline_session

PLANS = Path(__file__).parent / "plans"


@cache
def plan_of(cloud: str) -> Any:
    with offline_session(PLANS / cloud, ["."]) as session:
        made = session.plan(".")
    assert made.plan is not None, made.diagnostics
    return made.plan


def report_of(cloud: str) -> PlanReport:
    return price_plan(plan_of(cloud), "plan.json")


def lines_of(report: PlanReport) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    return {
        (line.address, line.item if line.option != "sustained_use" else "sustained_use"): (
            line.monthly_usd.low,
            line.monthly_usd.expected,
            line.monthly_usd.high,
        )
        for line in report.cost.lines
    }


def always(usd: str) -> tuple[Decimal, Decimal, Decimal]:
    return (Decimal(usd), Decimal(usd), Decimal(usd))


class TestAws:
    """us-east-1, list prices as in test_estimate.py."""

    def test_what_is_known_is_priced_by_hand(self) -> None:
        lines = lines_of(report_of("aws"))
        by_hand = {
            ("aws_nat_gateway.main", "network.nat_gateway"): "32.85",
            ("aws_eip.nat", "network.public_ipv4"): "3.65",
            ("aws_eks_cluster.main", "cluster.control_plane"): "73.00",
            ("aws_instance.server[0]", "m6i.large"): "70.08",
            ("aws_instance.server[1]", "m6i.large"): "70.08",
            ("aws_instance.server[0]", "disk.general"): "4.00",
            ("aws_ebs_volume.data", "disk.general"): "40.00",
            ("aws_db_instance.main", "database.db.t4g.medium_ha"): "94.17",
            ("aws_db_instance.main", "database.storage_ha"): "11.50",
            ("aws_lb.main", "load_balancer.application"): "16.43",
            ("aws_kms_key.main", "keys.key"): "1.00",
        }
        assert {key: lines[key] for key in by_hand} == {key: always(usd) for key, usd in by_hand.items()}

    def test_a_group_that_scales_is_a_band(self) -> None:
        cloud = find_cloud("aws")
        assert cloud is not None
        price = cloud.prices.instance_price("us-east-1", "g6.xlarge", "spot")
        assert price is not None
        low, expected, high = lines_of(report_of("aws"))["aws_eks_node_group.gpu", "g6.xlarge"]
        assert (low, expected) == (0, round(price.usd_expected * 1460, 2))
        assert high == round(price.usd_high * 2920, 2)

    def test_a_resource_with_a_region_of_its_own_has_that_region_s_price(self) -> None:
        lines = lines_of(report_of("aws"))
        assert lines["module.second.aws_instance.this", "m6i.large"] == always("78.11")
        assert report_of("aws").cost.region == "eu-west-1, us-east-1"

    def test_what_is_not_known_is_listed(self) -> None:
        unpriced = {(item.address, item.item): item.reason for item in report_of("aws").cost.unpriced}
        assert unpriced["aws_instance.unsold", "m99.gigantic"] == "no price in the book"
        assert unpriced["aws_sqs_queue.jobs", "queue.request"] == "usage not stated"
        assert unpriced["aws_s3_bucket.data", "object_store.standard"] == "usage not stated"
        assert unpriced["aws_nat_gateway.main", "network.nat_data"] == "usage not stated"

    def test_every_resource_is_priced_or_free_or_billed_by_use_or_unknown(self) -> None:
        report = report_of("aws")
        assert set(report.free) == {"aws_vpc.main", "aws_subnet.a", "aws_iam_role.nodes"}
        assert (report.resources, report.by_use, report.unknown) == (17, 2, 1)
        assert report.priced + len(report.free) + report.by_use + report.unknown == report.resources


class TestGcp:
    """us-central1."""

    def test_a_gpu_on_n1_is_one_machine_with_the_discount_of_a_full_month(self) -> None:
        lines = lines_of(report_of("gcp"))
        machine = lines["google_compute_instance.gpu", "n1-standard-8+1xt4"]
        discount = lines["google_compute_instance.gpu", "sustained_use"]
        assert machine == always("532.90")
        assert discount == always("-159.87")

    def test_what_is_known_is_priced(self) -> None:
        lines = lines_of(report_of("gcp"))
        assert lines["google_container_cluster.main", "cluster.control_plane"] == always("73.00")
        assert lines["google_compute_disk.data", "disk.ssd"] == always("34.00")
        assert lines["google_sql_database_instance.main", "database.db-custom-2-7680_ha"] == always("197.25")
        assert lines["google_sql_database_instance.main", "database.storage_ha"] == always("34.00")
        assert lines["google_compute_global_forwarding_rule.web", "load_balancer.forwarding_rule"] == always("18.25")

    def test_nodes_are_counted_in_each_zone(self) -> None:
        [line] = [line for line in report_of("gcp").cost.lines if line.item == "g2-standard-4"]
        assert (line.option, line.quantity) == ("spot", 1460)

    def test_what_is_not_known_is_listed(self) -> None:
        report = report_of("gcp")
        reasons = {item.address: item.reason for item in report.cost.unpriced}
        assert reasons["google_bigquery_dataset.main"] == "usage not stated"
        assert set(report.free) == {"google_compute_network.main", "google_compute_router.main"}
        assert report.priced + len(report.free) + report.by_use + report.unknown == report.resources


def resource(type_: str, **values: Any) -> dict[str, Any]:
    return {"address": f"{type_}.a", "mode": "managed", "type": type_, "name": "a", "values": values}


def of_resources(*resources: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "planned_values": {"root_module": {"resources": list(resources)}}}


class TestOneResource:
    def reasons(self, *resources: Any, region: str | None = None) -> list[tuple[str, str]]:
        report = price_plan(of_resources(*resources), "plan.json", region)
        return [(item.item, item.reason) for item in report.cost.unpriced]

    def test_without_any_region_nothing_is_guessed(self) -> None:
        assert self.reasons(resource("aws_kms_key")) == [("keys.key", "region not known")]
        assert self.reasons(resource("aws_kms_key"), region="us-east-1") == []
        assert self.reasons(resource("aws_kms_key"), region="mars-north-1") == [("keys.key", "region not known")]

    def test_local_ssds_that_are_attached(self) -> None:
        """$0.08 a GiB, 375 GiB each; those that come with a type are in its price."""

        def local(*resources: Any) -> list[Decimal]:
            report = price_plan(of_resources(*resources), "plan.json")
            return [line.monthly_usd.expected for line in report.cost.lines if line.item == "disk.local"]

        scratch = {
            "machine_type": "n2-standard-8",
            "zone": "us-central1-a",
            "scratch_disk": [{"interface": "NVME"}] * 4,
        }
        assert local(resource("google_compute_instance", **scratch)) == [Decimal("120.00")]
        for block in ("ephemeral_storage_local_ssd_config", "local_nvme_ssd_block_config"):
            for name, usd in (("n2-standard-8", ["240.00"]), ("c3-standard-22-lssd", [])):
                node = {"machine_type": name, block: [{"local_ssd_count": 4}]}
                pool = {"location": "us-central1", "node_locations": ["us-central1-a"], "node_count": 2}
                found = local(resource("google_container_node_pool", **pool, node_config=[node]))
                assert found == [Decimal(one) for one in usd], (block, name)

    def test_a_zone_tells_the_region(self) -> None:
        disk = resource("aws_ebs_volume", availability_zone="eu-west-1b", size=10, type="gp3")
        assert self.reasons(disk) == []
        disk = resource("google_compute_disk", zone="europe-west4-a", size=10, type="pd-balanced")
        assert self.reasons(disk) == []

    @pytest.mark.parametrize("values", [{}, {"instance_type": None}, {"instance_type": 5}, {"instance_type": [{}]}])
    def test_a_type_that_is_known_after_apply_is_a_use_not_stated(self, values: dict[str, Any]) -> None:
        assert ("instance", "usage not stated") in self.reasons(resource("aws_instance", region="us-east-1", **values))

    @pytest.mark.parametrize("size", [-5, "big", True, None, [1, 2]])
    def test_a_size_that_is_none_is_never_zero(self, size: Any) -> None:
        disk = resource("aws_ebs_volume", region="us-east-1", size=size, type="gp3")
        report = price_plan(of_resources(disk), "plan.json")
        assert report.cost.total.expected == 0 or size == [1, 2]
        assert not report.cost.complete or size == [1, 2]

    @pytest.mark.parametrize("size", [10**12 + 1, 10**30, float("inf"), float("nan"), [10**400]])
    def test_a_size_that_there_is_not_is_refused_at_its_address(self, size: Any) -> None:
        disk = resource("aws_ebs_volume", region="us-east-1", size=size, type="gp3")
        with pytest.raises(DiagnosticsError, match=r"aws_ebs_volume\.a: `size` is more than 1,000,000,000,000"):
            price_plan(of_resources(disk), "plan.json")

    def test_an_engine_without_prices_is_listed(self) -> None:
        database = resource("aws_db_instance", region="us-east-1", engine="db2-se", instance_class="db.m6i.large")
        assert self.reasons(database)[0] == ("database.db2-se.db.m6i.large", "no price in the book")

    def test_what_runs_on_the_cluster_costs_nothing_by_itself(self) -> None:
        report = price_plan(of_resources(resource("kubernetes_namespace_v1"), resource("random_pet")), "plan.json")
        assert (len(report.free), report.cost.complete) == (2, True)

    def test_data_sources_are_no_resources(self) -> None:
        read = {**resource("aws_instance"), "mode": "data"}
        assert price_plan(of_resources(read), "plan.json").resources == 0

    def test_a_machine_that_the_region_does_not_offer_has_no_number(self) -> None:
        cloud = find_cloud("aws")
        assert cloud is not None
        offered = {name for region, name in cloud.catalog.offers if region == "eu-west-2"}
        name = next(n for n in sorted(cloud.catalog.instances) if n not in offered)
        machine = resource("aws_instance", region="eu-west-2", instance_type=name)
        assert (name, "no price in the book") in self.reasons(machine)


def types_of_modules() -> list[str]:
    """The resource types of all modules that we ship."""
    texts = (path.read_text(encoding="utf-8") for path in MODULES.rglob("*.tf"))
    return sorted({type_ for text in texts for type_ in re.findall(r'^resource "(\w+)"', text, re.MULTILINE)})


@pytest.mark.parametrize("type_", types_of_modules())
def test_every_type_of_our_modules_is_known(type_: str) -> None:
    """Priced, billed by use or free: never unknown."""
    report = price_plan(of_resources(resource(type_, region="us-east-1")), "plan.json", "us-east-1")
    assert [item.reason for item in report.cost.unpriced if item.reason == "type not known"] == []


class TestNothingIsRepeatedAtLength:
    @pytest.mark.parametrize(("key", "length"), [("address", 4_001), ("type", 1_000_000)])
    def test_an_address_that_is_none(self, key: str, length: int) -> None:
        with pytest.raises(DiagnosticsError, match="more than 4,000 characters"):
            price_plan(of_resources({**resource("aws_kms_key"), key: "a" * length}), "plan.json")

    def test_a_type_of_machine_that_is_none(self) -> None:
        machine = resource("aws_instance", region="us-east-1", instance_type="m" * 1_000_000)
        [item, *_] = price_plan(of_resources(machine), "plan.json").cost.unpriced
        assert len(item.item) < 400 and len(item.hint) < 800

    def test_more_disks_than_a_machine_has(self) -> None:
        disks = [{"volume_size": 1}] * 1_001
        machine = resource("aws_instance", region="us-east-1", instance_type="m6i.large", ebs_block_device=disks)
        with pytest.raises(DiagnosticsError, match=r"aws_instance\.a: `ebs_block_device` has more than 1,000 entries"):
            price_plan(of_resources(machine), "plan.json")

    def test_regions_without_end(self) -> None:
        keys = [
            {**resource("aws_kms_key", region=f"mars-{number:04}"), "address": str(number)} for number in range(500)
        ]
        found = price_plan(of_resources(*keys), "plan.json").cost
        assert found.region.endswith("mars-0019 and 480 more")
        [item] = price_plan(of_resources(resource("aws_kms_key", region="x" * 10**6)), "plan.json").cost.unpriced
        assert len(item.hint) < 1_000


class TestSizesInTexts:
    """What Fargate and Cloud Run write as texts, which may say anything."""

    @pytest.mark.parametrize("cpu", ["1.2.3", "...", ".", "1.", "9" * 40, "٣", "1000m\n", "-1"])
    def test_of_a_container_of_cloud_run(self, cpu: str) -> None:
        container = {"resources": [{"limits": {"cpu": cpu, "memory": "512Mi"}, "cpu_idle": False}]}
        scaling = {"min_instance_count": 1, "max_instance_count": 3}
        template = [{"scaling": [scaling], "containers": [container]}]
        service = resource("google_cloud_run_v2_service", location="us-central1", template=template)
        found = price_plan(of_resources(service), "plan.json").cost
        assert not found.lines and {item.reason for item in found.unpriced} == {"usage not stated"}

    @pytest.mark.parametrize("cpu", ["9" * 10, "9" * 10_000, "٣", "1.5"])
    def test_of_a_task_of_fargate(self, cpu: str) -> None:
        task = resource("aws_ecs_task_definition", cpu=cpu, memory="512")
        service = resource("aws_ecs_service", region="us-east-1", launch_type="FARGATE", desired_count=1)
        written = {
            "address": "aws_ecs_service.a",
            "expressions": {"task_definition": {"references": [task["address"]]}},
        }
        plan = {**of_resources(task, service), "configuration": {"root_module": {"resources": [written]}}}
        found = price_plan(plan, "plan.json").cost
        assert not found.lines and {item.reason for item in found.unpriced} == {"usage not stated"}

    def test_amounts_of_more_digits_than_a_decimal_has_are_rounded(self) -> None:
        most = 10**12
        scaling = {"min_node_count": most, "max_node_count": most}
        config = {"machine_type": "n1-standard-8", "disk_size_gb": most, "disk_type": "pd-ssd"}
        pool = resource(
            "google_container_node_pool", location="us-central1", autoscaling=[scaling], node_config=[config]
        )
        pool["values"]["node_locations"] = [f"us-central1-{zone}" for zone in range(1_000)]
        assert price_plan(of_resources(pool), "plan.json").cost.total.expected > 10**24


class TestReferences:
    """What an argument of a plan refers to, in the same module."""

    def group(self, *templates: Any, reference: Any, index: str = "") -> list[str]:
        """Items of a node group `aws_eks_node_group.a` and an index, beside these templates."""
        values = {"instance_types": ["m6i.large"], "region": "us-east-1", "scaling_config": [{"desired_size": 1}]}
        values["launch_template"] = [{}]  # the block is in a plan even where what it names is known only after apply
        group = {**resource("aws_eks_node_group", **values), "address": f"aws_eks_node_group.a{index}"}
        written = {"launch_template": [{"id": {"references": reference}}]}
        configured = {"address": "aws_eks_node_group.a", "expressions": written}
        plan = {**of_resources(group, *templates), "configuration": {"root_module": {"resources": [configured]}}}
        cost = price_plan(plan, "plan.json").cost
        priced = [f"{line.item} {line.quantity.normalize():f}" for line in cost.lines]
        return priced + [f"{item.item}: {item.reason}" for item in cost.unpriced]

    def template(self, gib: int, index: str = "") -> Any:
        mapping = [{"ebs": [{"volume_size": gib, "volume_type": "gp3"}]}]
        made = resource("aws_launch_template", block_device_mappings=mapping)
        return {**made, "address": f"aws_launch_template.nodes{index}"}

    def test_a_launch_template_says_the_disk(self) -> None:
        assert self.group(
            self.template(50), reference=["aws_launch_template.nodes.id", "aws_launch_template.nodes"]
        ) == [
            "m6i.large 730",
            "disk.general 50",
        ]

    def test_of_several_that_with_the_same_index(self) -> None:
        templates = (self.template(50, '["x"]'), self.template(70, '["y"]'))
        assert self.group(*templates, reference=["aws_launch_template.nodes"], index='["y"]')[1] == "disk.general 70"

    @pytest.mark.parametrize("reference", [None, "x", [], [1], ["aws_launch_template.other"], ["var.template"], [[]]])
    def test_what_refers_to_nothing_known_is_a_use_not_stated(self, reference: Any) -> None:
        assert "disk.general: usage not stated" in self.group(self.template(50), reference=reference)

    def test_of_several_without_the_same_index_none_is_guessed(self) -> None:
        templates = (self.template(50, "[0]"), self.template(70, "[1]"))
        found = self.group(*templates, reference=["aws_launch_template.nodes"])
        assert found == ["m6i.large 730", "disk.general: usage not stated"]


class TestLoadBalancersOfKubernetes:
    """An Ingress of a cloud's own class is a load balancer there; any other runs on machines that are billed."""

    def items(self, **values: Any) -> tuple[list[str], int]:
        ingress = resource("kubernetes_ingress_v1", **values)
        bucket = resource("google_storage_bucket", location="us-central1")
        report = price_plan(of_resources(ingress, bucket), "plan.json", "us-central1")
        return [line.item for line in report.cost.lines], len(report.free)

    def test_of_gke(self) -> None:
        metadata = [{"annotations": {"kubernetes.io/ingress.class": "gce-internal"}}]
        assert self.items(metadata=metadata) == (["load_balancer.forwarding_rule"], 0)

    def test_of_the_controller_of_aws(self) -> None:
        ingress = resource("kubernetes_ingress_v1", spec=[{"ingress_class_name": "alb"}])
        report = price_plan(of_resources(ingress), "plan.json", "us-east-1")
        assert [line.item for line in report.cost.lines] == ["load_balancer.application"]

    @pytest.mark.parametrize("values", [{}, {"spec": [{"ingress_class_name": "nginx"}]}, {"metadata": [{}]}])
    def test_of_others(self, values: dict[str, Any]) -> None:
        assert self.items(**values) == ([], 1)

    def test_of_the_controller_of_aws_by_its_annotation(self) -> None:
        metadata = [{"annotations": {"kubernetes.io/ingress.class": "alb"}}]
        report = price_plan(of_resources(resource("kubernetes_ingress_v1", metadata=metadata)), "p.json", "us-east-1")
        assert [line.item for line in report.cost.lines] == ["load_balancer.application"]


class TestWhatACloudMakesForKubernetes:
    """Services of type LoadBalancer and claims of volumes are billed by the cloud that the cluster is in."""

    @pytest.mark.parametrize("type_", ["kubernetes_service", "kubernetes_service_v1"])
    @pytest.mark.parametrize(
        ("region", "annotations", "item"),
        [
            ("us-east-1", {}, "load_balancer.classic"),
            (
                "us-east-1",
                {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"},
                "load_balancer.network",
            ),
            ("us-central1", {}, "load_balancer.forwarding_rule"),
        ],
    )
    def test_of_a_service(self, type_: str, region: str, annotations: dict[str, str], item: str) -> None:
        service = resource(type_, spec=[{"type": "LoadBalancer"}], metadata=[{"annotations": annotations}])
        report = price_plan(of_resources(service), "plan.json", region)
        assert ([line.item for line in report.cost.lines], report.free) == ([item], ())

    @pytest.mark.parametrize("values", [{}, {"spec": [{"type": "ClusterIP"}]}, {"spec": [{"type": "NodePort"}]}])
    def test_other_services_are_free(self, values: dict[str, Any]) -> None:
        report = price_plan(of_resources(resource("kubernetes_service_v1", **values)), "plan.json", "us-east-1")
        assert (len(report.free), report.without_region) == (1, 0)

    @pytest.mark.parametrize("type_", ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"])
    @pytest.mark.parametrize(
        ("region", "kind", "usd"), [("us-east-1", "gp3", "8.00"), ("us-central1", "premium-rwo", "17.00")]
    )
    def test_of_a_claim(self, type_: str, region: str, kind: str, usd: str) -> None:
        spec = {"storage_class_name": kind, "resources": [{"requests": {"storage": "100Gi"}}]}
        report = price_plan(of_resources(resource(type_, spec=[spec])), "plan.json", region)
        assert [f"{line.monthly_usd.expected:.2f}" for line in report.cost.lines] == [usd]

    @pytest.mark.parametrize("spec", [{}, {"storage_class_name": "efs"}, {"volume_name": "own"}])
    def test_a_claim_of_something_else_is_listed(self, spec: dict[str, Any]) -> None:
        claim = resource("kubernetes_persistent_volume_claim_v1", spec=[spec])
        report = price_plan(of_resources(claim), "plan.json", "us-east-1")
        assert [one.reason for one in report.cost.unpriced] == ["usage not stated"]

    def test_the_cloud_of_the_cluster_that_the_plan_has(self) -> None:
        service = resource("kubernetes_service_v1", spec=[{"type": "LoadBalancer"}])
        cluster = resource("google_container_cluster", location="us-central1")
        report = price_plan(of_resources(service, cluster), "plan.json", "us-east-1")
        assert "load_balancer.classic" not in {line.item for line in report.cost.lines}

    def test_where_nothing_says_the_cloud_it_is_listed(self) -> None:
        service = resource("kubernetes_service_v1", spec=[{"type": "LoadBalancer"}])
        report = price_plan(of_resources(service), "plan.json")
        assert [one.reason for one in report.cost.unpriced] == ["region not known"]
        assert (report.free, report.cost.provider) == ((), "no cloud")


BROKEN = [
    ("", "not JSON", 1),
    ('{\n  "format_version": "1.2",\n  oops\n}', "not JSON", 3),
    ("[]", "holds no object", 1),
    ("{}", "no `format_version`", 1),
    ('{"format_version": 1}', "no `format_version`", 1),
    ('{\n"format_version": "2.0", "planned_values": {}}', r"format 2.0; only 0.x and 1.x", 2),
    ('{"format_version": "1.0", "values": {}}', "a state, not a plan", 1),
    ('{"format_version": "1.0"}', "without `planned_values`", 1),
    ('{"format_version": "1.2", "errored": true, "planned_values": {}}', "a plan that failed", 1),
    ('{"format_version": "1.0", "planned_values": []}', "not of the form", 1),
    ('{"format_version": "1.0", "planned_values": {"root_module": []}}', "not of the form", 1),
    ('{"format_version": "1.0", "planned_values": {"root_module": {"resources": [1]}}}', "not of the form", 1),
    ('{"format_version": "1.0", "planned_values": {"root_module": {"resources": [{}]}}}', "not of the form", 1),
    ('{"format_version": "1.0", "planned_values": {}, "configuration": 5}', "not of the form", 1),
    ('{"format_version": "1.0", "planned_values": {"root_module": {"address": 1}}}', "not of the form", 1),
    ("[" * 100_000, "not JSON|nested too deeply", 1),
    ('{"format_version": "1.2",\n"planned_values": {}, "x": ' + "9" * 10_000 + "}", "thousands of digits", 2),
    ('{"format_version": "1.2",\n"planned_values": {}, "x": "\\udc00"}', "half of a surrogate pair", 2),
    ('{"format_version": "1.2", "planned_values": {}, "planned_values": {}}', "given twice", 1),
    ('{"format_version": "1.2", "planned_values": {}, "x": NaN}', "NaN is no number", 1),
]


@pytest.mark.parametrize(("text", "message", "line"), BROKEN)
def test_what_is_no_plan_is_a_clear_error_with_its_place(text: str, message: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError, match=message) as caught:
        price_plan(read_plan(text, "plan.json"), "plan.json")
    [found] = caught.value.diagnostics
    assert (found.code, found.place and found.place.line) == ("GP703", line)


class TestCommand:
    def test_text_and_json_agree(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(plan_of("aws")))
        assert run(["cost", "--plan", str(file)]) == OK
        text = capsys.readouterr().out
        assert run(["cost", "--plan", str(file), "--format", "json"]) == OK
        made = json.loads(capsys.readouterr().out)
        assert made["resources"] == {"all": 17, "priced": 11, "free": 3, "by_use": 2, "unknown": 1}
        assert "14 of 17 resources priced, 3 of them free" in text
        assert f"{made['total']['expected']:,.2f}" in text
        assert made["total"]["expected"] == pytest.approx(sum(x["monthly_usd"]["expected"] for x in made["lines"]))

    def test_a_pipe_and_a_device_are_no_plan(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        os.mkfifo(tmp_path / "plan.json")
        for file in (str(tmp_path / "plan.json"), "/dev/zero"):
            assert run(["cost", "--plan", file]) == BAD_SPEC
            assert "is not a regular file" in capsys.readouterr().err

    def test_a_plan_beyond_the_limit(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cost, "PLAN_BYTES", 1024)
        (tmp_path / "plan.json").write_text(" " * 1025)
        assert run(["cost", "--plan", str(tmp_path / "plan.json")]) != OK
        assert "GP703" in (said := capsys.readouterr().err) and "larger than 1 KiB" in said

    def test_a_terminal_shows_the_dearest_and_json_has_everything(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sizes = [resource("aws_ebs_volume", region="us-east-1", size=1 + number, type="gp3") for number in range(300)]
        unknown = [resource(f"aws_unheard_of_{number}") for number in range(300)]
        named = [{**one, "address": f"{one['type']}.r{number}"} for number, one in enumerate([*sizes, *unknown])]
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(of_resources(*named)))
        assert run(["cost", "--plan", str(file)]) == OK
        made = capsys.readouterr()
        assert "… and 200 more lines that cost less" in made.out and "… and 200 more items" in made.out
        assert "aws_ebs_volume.r299" in made.out and "aws_ebs_volume.r199 " not in made.out
        assert "GP702]: and 200 more" in made.err and "101 warnings" in made.err
        assert run(["cost", "--plan", str(file), "--format", "json"]) == OK
        whole = json.loads(capsys.readouterr().out)
        assert (len(whole["lines"]), len(whole["unpriced"]), len(whole["diagnostics"])) == (300, 300, 101)

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"{", b"PK\x03\x04\xff"])
    def test_a_file_that_is_no_plan(self, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "plan.bin"
        file.write_bytes(content)
        assert run(["cost", "--plan", str(file)]) == BAD_SPEC
        assert "GP703" in capsys.readouterr().err

    def test_a_region_that_no_cloud_has(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps({"format_version": "1.2", "planned_values": {}}), encoding="utf-8")
        assert run(["cost", "--plan", str(file), "--region", "mars"]) == BAD_SPEC
        said = capsys.readouterr().err
        assert "GP305" in said and "europe-west4" in said and "us-central1" in said

    def test_no_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["cost", "--plan", str(tmp_path / "none.json")]) == BAD_SPEC
        assert "GP101" in capsys.readouterr().err

    @pytest.mark.parametrize("options", [[], ["spec.yaml", "--plan", "plan.json"], ["--plan", "x", "--free-tiers"]])
    def test_a_spec_or_a_plan(self, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["cost", *options]) == BAD_SPEC
