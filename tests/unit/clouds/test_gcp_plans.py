"""What resources of the Google provider in a plan cost: by hand, at the list prices of us-central1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from groundplan.clouds import find_cloud
from groundplan.clouds.gcp.planned.compute import ALWAYS, from_template
from groundplan.clouds.planned import Planned
from groundplan.cost.plan import PlanReport, price_plan, read_usage
from groundplan.cost.plan.clouds import usage_keys
from groundplan.diagnostics import DiagnosticsError

ZONE, REGION = "us-central1-a", "us-central1"
Found = Mapping[str, Any]


def planned(address: str, **values: Any) -> Found:
    type_, name = address.split(".")
    bare = name.partition("[")[0]
    return {"address": address, "mode": "managed", "type": type_, "name": bare, "values": values}


def priced(*resources: Found, **more: Any) -> PlanReport:
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": list(resources)}}, **more}
    return price_plan(plan, "plan.json", REGION)


def refers(address: str, **arguments: str) -> dict[str, Any]:
    """The configuration of a resource whose arguments refer to others; `a__b` is `a.b`."""
    expressions: dict[str, Any] = {}
    for path, target in arguments.items():
        *blocks, last = path.split("__")
        inner = expressions
        for block in blocks:
            inner = inner.setdefault(block, [{}])[0]
        inner[last] = {"references": [f"{target}.id", target]}
    return {"address": address, "provider_config_key": "google", "expressions": expressions}


def configured(*resources: Any, **provider: str) -> dict[str, Any]:
    said = {key: {"constant_value": value} for key, value in provider.items()}
    google = {"name": "google", "full_name": "registry.terraform.io/hashicorp/google", "expressions": said}
    return {"provider_config": {"google": google}, "root_module": {"resources": list(resources)}}


def lines(report: PlanReport) -> dict[str, str]:
    """Items with what they cost a month, as expected; several lines of an item together."""
    found: dict[str, Decimal] = {}
    for line in report.cost.lines:
        name = "sustained_use" if line.option == "sustained_use" else line.item
        found[name] = found.get(name, Decimal(0)) + line.monthly_usd.expected
    return {name: f"{usd:.2f}" for name, usd in found.items()}


def unpriced(report: PlanReport) -> set[tuple[str, str]]:
    return {(item.item, item.reason) for item in report.cost.unpriced}


def cluster(**values: Any) -> Found:
    return planned("google_container_cluster.c", **{"name": "c", "location": REGION, **values})


def pool(**values: Any) -> Found:
    config = {"machine_type": "e2-standard-4", "disk_size_gb": 100, "disk_type": "pd-balanced"}
    return planned("google_container_node_pool.n", **{"name": "n", "node_config": [config], **values})


def machines_of(report: PlanReport, name: str) -> tuple[Decimal, ...]:
    """Machines at the least, as expected and at the most."""
    [line] = [line for line in report.cost.lines if line.item == name and line.option != "sustained_use"]
    usd = line.monthly_usd
    each = usd.expected / (line.quantity / 730)
    return tuple(round(case / each, 2) for case in (usd.low, usd.expected, usd.high))


class TestPoolsInTheCluster:
    def test_a_default_pool_of_a_regional_cluster_is_in_three_zones(self) -> None:
        found = priced(cluster(initial_node_count=2))
        assert lines(found) == {"cluster.control_plane": "73.00", "e2-medium": "146.76", "disk.general": "60.00"}
        assert found.cost.complete

    def test_without_any_count_it_has_a_node_in_each(self) -> None:
        assert machines_of(priced(cluster(location=ZONE)), "e2-medium") == (1, 1, 1)

    def test_a_default_pool_that_is_removed_costs_nothing(self) -> None:
        assert lines(priced(cluster(remove_default_node_pool=True))) == {"cluster.control_plane": "73.00"}

    def test_an_inline_pool(self) -> None:
        config = {"machine_type": "a2-highgpu-8g", "disk_size_gb": 100, "disk_type": "pd-balanced"}
        found = priced(cluster(location=ZONE, node_pool=[{"name": "gpu", "node_count": 4, "node_config": [config]}]))
        assert machines_of(found, "a2-highgpu-8g") == (4, 4, 4)
        assert "e2-medium" not in lines(found)

    def test_inline_pools_of_a_cluster_that_exists_are_not_counted_beside_their_own_resources(self) -> None:
        block = [{"name": "n", "node_count": 1, "node_config": [{"machine_type": "e2-standard-4"}]}]
        found = priced(cluster(location=ZONE, node_pool=block), pool(cluster="c", location=ZONE, node_count=1))
        assert machines_of(found, "e2-standard-4") == (1, 1, 1)

    def test_limits_of_auto_provisioning_are_at_least(self) -> None:
        found = priced(cluster(remove_default_node_pool=True, cluster_autoscaling=[{"enabled": True}]))
        assert unpriced(found) == {("cluster.auto_provisioned_nodes", "usage not stated")}

    def test_autopilot_is_billed_by_what_pods_ask_for(self) -> None:
        found = priced(cluster(enable_autopilot=True))
        assert lines(found) == {"cluster.control_plane": "73.00"}
        assert ("autopilot.vcpu", "usage not stated") in unpriced(found)


class TestZonesOfPools:
    def test_the_zone_of_the_provider(self) -> None:
        found = priced(pool(node_count=3), configuration=configured(region=REGION, zone=ZONE))
        assert machines_of(found, "e2-standard-4") == (3, 3, 3)

    @pytest.mark.parametrize(
        ("of", "own", "nodes"),
        [
            ({"node_locations": [ZONE, "us-central1-b"]}, {"location": REGION}, 2),
            ({"node_locations": [ZONE, "us-central1-b"]}, {}, 2),
            ({"location": ZONE}, {}, 1),
            ({"location": ZONE, "node_locations": ["us-central1-b"]}, {}, 2),
            ({}, {"node_locations": [ZONE]}, 1),
            ({}, {}, 3),
        ],
    )
    def test_those_of_its_cluster(self, of: Any, own: Any, nodes: int) -> None:
        written = configured(refers("google_container_node_pool.n", cluster="google_container_cluster.c"))
        by_reference = priced(
            cluster(remove_default_node_pool=True, **of), pool(node_count=1, **own), configuration=written
        )
        by_name = priced(cluster(remove_default_node_pool=True, **of), pool(node_count=1, cluster="c", **own))
        for found in (by_reference, by_name):
            assert machines_of(found, "e2-standard-4") == (nodes, nodes, nodes)

    @pytest.mark.parametrize(
        ("scaling", "counts"),
        [
            ({"min_node_count": 1, "max_node_count": 3}, (2, 2, 6)),
            ({"total_min_node_count": 1, "total_max_node_count": 5}, (1, 1, 5)),
            ({"min_node_count": 4, "max_node_count": 3}, (8, 8, 8)),
        ],
    )
    def test_expected_is_never_below_the_least(self, scaling: Any, counts: tuple[int, ...]) -> None:
        locations = [ZONE, "us-central1-b"]
        found = priced(pool(location=REGION, node_locations=locations, autoscaling=[scaling], initial_node_count=1))
        assert machines_of(found, "e2-standard-4") == counts


class TestControlPlane:
    @pytest.mark.parametrize(
        ("version", "channel", "usd"),
        [
            ("1.31.4-gke.1", "EXTENDED", "438.00"),
            ("1.31", "REGULAR", "73.00"),
            ("1.35", "EXTENDED", "73.00"),
            ("1.30", "", "73.00"),
        ],
    )
    def test_old_versions_are_billed_higher_in_the_channel_that_keeps_them(
        self, version: str, channel: str, usd: str
    ) -> None:
        values = {"min_master_version": version, "release_channel": [{"channel": channel}]}
        [paid] = lines(priced(cluster(remove_default_node_pool=True, **values))).values()
        assert paid == usd


def instance(**values: Any) -> Found:
    return planned("google_compute_instance.i", **{"machine_type": "e2-standard-2", "zone": ZONE, **values})


class TestMachines:
    @pytest.mark.parametrize("block", ["ephemeral_storage_local_ssd_config", "local_nvme_ssd_block_config"])
    def test_local_ssds_of_nodes(self, block: str) -> None:
        config = {"machine_type": "n2-standard-8", block: [{"local_ssd_count": 2}]}
        found = priced(pool(location=ZONE, node_count=2, node_config=[config]))
        assert lines(found)["disk.local"] == "120.00"
        counted = priced(pool(location=ZONE, node_count=2, node_config=[{**config, block: [], "local_ssd_count": 2}]))
        assert lines(counted)["disk.local"] == "120.00"

    def test_gpus_that_the_catalog_has_no_such_machine_with_are_priced_apart(self) -> None:
        gpus = {"type": "nvidia-tesla-t4", "count": 3}
        found = priced(instance(machine_type="n1-standard-8", guest_accelerator=[gpus]))
        assert lines(found)["gpu.t4"] == "766.50"
        assert "n1-standard-8" in lines(found)
        spot = [{"provisioning_model": "SPOT"}]
        found = priced(instance(machine_type="n1-standard-8", guest_accelerator=[gpus], scheduling=spot))
        assert ("gpu.t4_spot", "no price in the book") in unpriced(found)

    def test_gpus_of_a_machine_that_comes_with_them_are_in_its_price(self) -> None:
        found = priced(instance(machine_type="g2-standard-8", guest_accelerator=[{"type": "nvidia-l4", "count": 1}]))
        assert set(lines(found)) == {"g2-standard-8"}
        assert found.cost.complete

    def test_an_address_on_every_interface(self) -> None:
        found = priced(instance(network_interface=[{"access_config": [{}]}, {"access_config": [{}]}, {}]))
        assert lines(found)["network.public_ipv4"] == "7.30"
        spot = [{"provisioning_model": "SPOT", "preemptible": True}]
        found = priced(instance(network_interface=[{"access_config": [{}]}], scheduling=spot))
        assert lines(found)["network.public_ipv4_spot"] == "1.83"

    def test_a_boot_disk_that_is_a_resource_is_counted_once(self) -> None:
        disk = planned("google_compute_disk.d", zone=ZONE, size=100, type="pd-ssd")
        written = configured(refers("google_compute_instance.i", boot_disk__source="google_compute_disk.d"))
        found = priced(instance(boot_disk=[{"auto_delete": True}]), disk, configuration=written)
        assert lines(found)["disk.ssd"] == "17.00"
        assert found.cost.complete

    def test_a_boot_disk_as_large_as_its_image_is_at_least_as_small_as_any(self) -> None:
        found = priced(instance(boot_disk=[{"initialize_params": [{"image": "debian-cloud/debian-12"}]}]))
        assert lines(found)["disk.standard"] == "0.40"
        assert unpriced(found) == {("disk.standard_of_image", "usage not stated")}

    def test_a_boot_disk_of_the_default_kind(self) -> None:
        found = priced(instance(boot_disk=[{"initialize_params": [{"size": 50}]}]))
        assert lines(found)["disk.standard"] == "2.00"
        found = priced(instance(machine_type="n4-standard-2", boot_disk=[{"initialize_params": [{"size": 50}]}]))
        assert lines(found)["disk.hyperdisk_balanced"] == "4.00"

    @pytest.mark.parametrize(
        ("image", "item", "usd"),
        [
            ("windows-cloud/windows-2022", "license.windows", "67.16"),
            ("projects/rhel-cloud/global/images/family/rhel-9", "license.rhel_small", "21.02"),
            ("suse-cloud/sles-15", "license.sles", "80.30"),
        ],
    )
    def test_a_premium_image(self, image: str, item: str, usd: str) -> None:
        boot = [{"initialize_params": [{"size": 50, "type": "pd-balanced", "image": image}]}]
        assert lines(priced(instance(boot_disk=boot)))[item] == usd

    def test_a_machine_that_is_stopped_keeps_its_disk(self) -> None:
        boot = [{"initialize_params": [{"size": 50, "type": "pd-balanced"}]}]
        assert lines(priced(instance(desired_status="TERMINATED", boot_disk=boot))) == {"disk.general": "5.00"}

    @pytest.mark.parametrize(
        "values",
        [
            {"confidential_instance_config": [{"enable_confidential_compute": True}]},
            {"scheduling": [{"node_affinities": [{"key": "k"}]}]},
            {"network_performance_config": [{"total_egress_bandwidth_tier": "TIER_1"}]},
        ],
    )
    def test_what_is_billed_and_not_counted_is_at_least(self, values: Any) -> None:
        assert not priced(instance(**values)).cost.complete

    def test_flex_start_has_prices_of_its_own(self) -> None:
        found = priced(instance(scheduling=[{"provisioning_model": "FLEX_START"}]))
        assert unpriced(found) == {("e2-standard-2.flex_start", "no price in the book")}


class TestDisks:
    @pytest.mark.parametrize(
        ("values", "by_hand"),
        [
            ({"type": "pd-standard"}, {"disk.standard": "4.00"}),
            ({}, {"disk.standard": "4.00"}),
            (
                {"type": "pd-extreme", "provisioned_iops": 20_000},
                {"disk.extreme": "12.50", "disk.extreme_iops": "1300.00"},
            ),
            (
                {"type": "hyperdisk-balanced", "provisioned_iops": 5000, "provisioned_throughput": 240},
                {
                    "disk.hyperdisk_balanced": "8.00",
                    "disk.hyperdisk_balanced_iops": "10.00",
                    "disk.hyperdisk_balanced_throughput": "4.00",
                },
            ),
            (
                {"type": "hyperdisk-extreme", "provisioned_iops": 10_000},
                {"disk.hyperdisk_extreme": "12.50", "disk.hyperdisk_extreme_iops": "320.00"},
            ),
        ],
    )
    def test_size_and_performance(self, values: Any, by_hand: dict[str, str]) -> None:
        found = priced(planned("google_compute_disk.d", zone=ZONE, size=100, **values))
        assert lines(found) == by_hand
        assert found.cost.complete

    def test_performance_that_is_not_stated_is_not_zero(self) -> None:
        found = priced(planned("google_compute_disk.d", zone=ZONE, size=100, type="hyperdisk-balanced"))
        assert ("disk.hyperdisk_balanced_iops", "usage not stated") in unpriced(found)

    def test_a_regional_disk_is_in_two_zones(self) -> None:
        found = priced(planned("google_compute_region_disk.d", region=REGION, size=100, type="pd-ssd"))
        assert lines(found) == {"disk.ssd_regional": "34.00"}


def template(**values: Any) -> Found:
    disks = [
        {"boot": True, "disk_type": "pd-balanced", "disk_size_gb": 50, "type": "PERSISTENT"},
        {"type": "SCRATCH", "disk_type": "local-ssd", "disk_size_gb": 375, "interface": "NVME"},
    ]
    return planned("google_compute_instance_template.t", machine_type="n2-standard-8", disk=disks, **values)


class TestGroups:
    @pytest.mark.parametrize("scope", ["", "region_"])
    def test_a_group_that_scales_by_its_template(self, scope: str) -> None:
        group = f"google_compute_{scope}instance_group_manager.g"
        place = {"region": REGION} if scope else {"zone": ZONE}
        scaler = f"google_compute_{scope}autoscaler.a"
        limits = [{"min_replicas": 1, "max_replicas": 4}]
        made = priced(
            planned(group, **place),
            planned(scaler, autoscaling_policy=limits, **place),
            template(network_interface=[{"access_config": [{}]}]),
            configuration=configured(
                refers(group, version__instance_template="google_compute_instance_template.t"),
                refers(scaler, target=group),
            ),
        )
        assert machines_of(made, "n2-standard-8") == (1, 1, 4)
        assert {name: lines(made)[name] for name in ("disk.general", "disk.local", "network.public_ipv4")} == {
            "disk.general": "5.00",
            "disk.local": "30.00",
            "network.public_ipv4": "3.65",
        }
        assert made.cost.complete

    def test_a_group_of_a_fixed_size(self) -> None:
        group = "google_compute_instance_group_manager.g"
        written = configured(refers(group, version__instance_template="google_compute_instance_template.t"))
        made = priced(planned(group, zone=ZONE, target_size=3), template(), configuration=written)
        assert machines_of(made, "n2-standard-8") == (3, 3, 3)

    def test_a_template_of_elsewhere_is_not_guessed(self) -> None:
        made = priced(planned("google_compute_instance_group_manager.g", zone=ZONE, target_size=3))
        assert ("instance", "usage not stated") in unpriced(made)

    def test_reserved_machines_are_billed_used_or_not(self) -> None:
        made = {"machine_type": "n1-standard-8", "guest_accelerators": [{"accelerator_type": "nvidia-tesla-t4"}]}
        made["guest_accelerators"][0]["accelerator_count"] = 1
        held = [{"count": 2, "instance_properties": [made]}]
        found = priced(planned("google_compute_reservation.r", zone=ZONE, specific_reservation=held))
        assert machines_of(found, "n1-standard-8+1xt4") == (2, 2, 2)

    @pytest.mark.parametrize("type_", ["google_compute_node_group", "google_compute_commitment"])
    def test_what_has_no_price_is_never_zero(self, type_: str) -> None:
        assert not priced(planned(f"{type_}.x", zone=ZONE)).cost.complete


def rule(name: str, **values: Any) -> Found:
    return planned(f"google_compute_forwarding_rule.{name}", **{"name": name, "region": REGION, **values})


class TestNetwork:
    @pytest.mark.parametrize(("count", "usd"), [(1, "18.25"), (5, "18.25"), (7, "32.85")])
    def test_the_first_five_rules_of_a_region_are_billed_as_one(self, count: int, usd: str) -> None:
        paid = lines(priced(*(rule(f"r{number}") for number in range(count))))
        assert f"{sum(map(Decimal, paid.values())):.2f}" == usd

    def test_each_project_and_region_has_its_own_five(self) -> None:
        further = planned("google_compute_global_forwarding_rule.g", name="g")
        paid = lines(priced(rule("a"), rule("b", region="us-east1"), rule("c", project="other"), further))
        assert paid == {"load_balancer.forwarding_rule": "73.00"}

    def test_an_endpoint_of_private_service_connect_is_no_load_balancer(self) -> None:
        target = "projects/p/regions/us-central1/serviceAttachments/s"
        assert ("network.psc_endpoint", "no price in the book") in unpriced(priced(rule("a", target=target)))

    def test_addresses_by_what_holds_them(self) -> None:
        address = planned("google_compute_address.a", name="a", region=REGION)
        assert lines(priced(address)) == {"network.public_ipv4_unused": "7.30"}
        held = configured(
            refers("google_compute_instance.i", network_interface__access_config__nat_ip="google_compute_address.a")
        )
        machine = instance(network_interface=[{"access_config": [{}]}])
        assert lines(priced(address, machine, configuration=held))["network.public_ipv4"] == "3.65"
        front = configured(refers("google_compute_forwarding_rule.r", ip_address="google_compute_address.a"))
        assert lines(priced(address, rule("r"), configuration=front)) == {"load_balancer.forwarding_rule": "18.25"}
        inside = planned("google_compute_address.a", address_type="INTERNAL", region=REGION)
        assert lines(priced(inside)) == {}

    def test_every_address_of_a_gateway_is_in_use(self) -> None:
        both = [planned(f"google_compute_address.a[{number}]", name=f"a{number}", region=REGION) for number in (0, 1)]
        gateway = planned("google_compute_router_nat.n[0]", region=REGION)
        written = {
            "address": "google_compute_router_nat.n",
            "expressions": {"nat_ips": {"references": ["google_compute_address.a"]}},
        }
        assert lines(priced(*both, gateway, configuration=configured(written))) == {"network.public_ipv4": "7.30"}

    def test_a_tunnel_and_what_is_not_in_the_book(self) -> None:
        assert lines(priced(planned("google_compute_vpn_tunnel.t", region=REGION))) == {"network.vpn_tunnel": "36.50"}
        attachment = planned("google_compute_interconnect_attachment.a", region=REGION, bandwidth="BPS_10G")
        assert unpriced(priced(attachment)) == {("network.vlan_attachment.bps_10g", "no price in the book")}

    def test_flow_logs_of_a_subnet_are_not_free(self) -> None:
        subnet = planned("google_compute_subnetwork.s", region=REGION, log_config=[{"flow_sampling": 0.5}])
        assert unpriced(priced(subnet)) == {("logs.flow_ingested", "usage not stated")}
        assert priced(planned("google_compute_subnetwork.s", region=REGION)).cost.complete


def sql(version: str = "POSTGRES_15", tier: str = "db-custom-2-7680", **settings: Any) -> Found:
    said = {"tier": tier, "availability_type": "ZONAL", "disk_size": 100, "disk_type": "PD_SSD", **settings}
    return planned("google_sql_database_instance.d", region=REGION, database_version=version, settings=[said])


class TestDatabases:
    @pytest.mark.parametrize("version", ["POSTGRES_15", "MYSQL_8_0"])
    def test_machines_made_to_measure_cost_the_same_under_both_engines(self, version: str) -> None:
        found = priced(sql(version))
        assert lines(found) == {"database.db-custom-2-7680": "98.62", "database.storage": "17.00"}

    def test_an_engine_without_a_price_says_so(self) -> None:
        assert ("database.sqlserver_2019_web.db-custom-2-7680", "no price in the book") in unpriced(
            priced(sql("SQLSERVER_2019_WEB"))
        )

    def test_enterprise_plus_has_machines_of_its_own(self) -> None:
        found = priced(sql("POSTGRES_16", "db-perf-optimized-N-8", edition="ENTERPRISE_PLUS"))
        assert ("database.db-perf-optimized-N-8", "no price in the book") in unpriced(found)

    def test_versions_past_their_end_are_billed_by_the_vcpu(self) -> None:
        for version in ("POSTGRES_9_6", "POSTGRES_11", "POSTGRES_13", "MYSQL_5_7"):
            assert ("database.extended_support", "no price in the book") in unpriced(priced(sql(version)))
        assert priced(sql("POSTGRES_17")).cost.complete

    def test_backups_as_many_as_are_kept(self) -> None:
        kept = [{"enabled": True, "backup_retention_settings": [{"retained_backups": 14}]}]
        report = priced(sql(backup_configuration=kept))
        [backup] = [line for line in report.cost.lines if line.item == "database.backup"]
        assert "14 days of backups" in backup.assumption
        assert backup.monthly_usd.low < backup.monthly_usd.high

    def test_a_database_that_is_off_keeps_its_storage(self) -> None:
        assert lines(priced(sql(activation_policy="NEVER"))) == {"database.storage": "17.00"}

    @pytest.mark.parametrize(
        ("gib", "tier", "usd"),
        [(1, "BASIC", "35.77"), (5, "BASIC", "98.55"), (105, "STANDARD_HA", "2299.50"), (45, "STANDARD_HA", "1149.75")],
    )
    def test_redis_by_the_tier_of_its_capacity(self, gib: int, tier: str, usd: str) -> None:
        found = priced(planned("google_redis_instance.r", region=REGION, memory_size_gb=gib, tier=tier))
        assert list(lines(found).values()) == [usd]

    def test_a_cluster_of_redis_by_its_nodes(self) -> None:
        values = {"shard_count": 3, "replica_count": 2, "node_type": "REDIS_STANDARD_SMALL"}
        found = priced(planned("google_redis_cluster.r", region=REGION, **values))
        assert list(lines(found).values()) == ["936.23"]


class TestSecurity:
    @pytest.mark.parametrize(
        ("level", "algorithm", "item"),
        [("HSM", "EC_SIGN_P256_SHA256", "keys.key_hsm_asymmetric"), ("SOFTWARE", "", "keys.key"), ("", "", "keys.key")],
    )
    def test_keys_by_their_protection_level(self, level: str, algorithm: str, item: str) -> None:
        made = [{"protection_level": level, "algorithm": algorithm}]
        assert set(lines(priced(planned("google_kms_crypto_key.k", version_template=made)))) == {item}

    def test_a_key_that_rotates_gets_versions(self) -> None:
        found = priced(planned("google_kms_crypto_key.k", rotation_period="7776000s"))
        [line] = found.cost.lines
        assert line.monthly_usd.low < line.monthly_usd.expected < line.monthly_usd.high

    @pytest.mark.parametrize(("level", "usd"), [("HSM", "1.00"), ("EXTERNAL", "3.00"), ("EXTERNAL_VPC", "3.00")])
    def test_keys_outside_of_software_cost_more(self, level: str, usd: str) -> None:
        made = [{"protection_level": level, "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"}]
        assert list(lines(priced(planned("google_kms_crypto_key.k", version_template=made))).values()) == [usd]

    def test_versions_of_a_secret_in_each_place(self) -> None:
        secret = planned(
            "google_secret_manager_secret.s",
            replication=[{"user_managed": [{"replicas": [{"location": REGION}, {"location": "us-east1"}]}]}],
        )
        assert lines(priced(secret)) == {"secrets.secret": "0.12"}


def with_usage(resource: Found, **stated: Any) -> dict[str, str]:
    """What the resource costs when a usage file says so much."""
    document = {"version": "0.1", "resource_usage": {resource["address"]: stated}}
    usage = read_usage(json.dumps(document).encode(), "usage.yml", usage_keys())
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}}
    return lines(price_plan(plan, "plan.json", REGION, usage))


CONTAINER = {"resources": [{"limits": {"cpu": "1", "memory": "512Mi"}}]}
USED = [
    ("google_storage_bucket", {"location": "EU"}, {"storage_gb": 1000}, "object_store.standard", "26.00"),
    ("google_pubsub_topic", {}, {"monthly_message_data_tb": 10}, "messages.published", "400.00"),
    ("google_pubsub_subscription", {}, {"storage_gb": 20}, "messages.retained", "5.40"),
    ("google_bigquery_dataset", {}, {"monthly_queries_tb": 100.3}, "bigquery.queries", "626.88"),
    ("google_bigquery_table", {}, {"monthly_active_storage_gb": 1000}, "bigquery.active", "23.00"),
    ("google_compute_image", {}, {"storage_gb": 1000}, "disk.image", "50.00"),
    ("google_logging_project_bucket_config", {}, {"monthly_logging_data_gb": 100}, "logs.ingested", "50.00"),
    (
        "google_compute_router_nat",
        {"region": REGION},
        {"assigned_vms": 4, "monthly_data_processed_gb": 1000},
        "network.nat_data",
        "45.00",
    ),
    ("google_kms_crypto_key", {}, {"key_versions": 100}, "keys.key", "6.00"),
    ("google_secret_manager_secret", {}, {"active_secret_versions": 10_000}, "secrets.secret", "600.00"),
    (
        "google_cloudfunctions_function",
        {"available_memory_mb": 256},
        {"request_duration_ms": 300, "monthly_function_invocations": 10_000_000},
        "functions.cpu",
        "12.00",
    ),
    (
        "google_container_cluster",
        {"location": REGION, "enable_autopilot": True},
        {"autopilot_vcpu_count": 10},
        "autopilot.vcpu",
        "324.85",
    ),
    (
        "google_cloud_run_v2_service",
        {"template": [{"containers": [CONTAINER]}]},
        {"monthly_requests": 500_000, "average_request_duration_ms": 3600},
        "serverless.request_vcpu",
        "43.20",
    ),
    (
        "google_monitoring_metric_descriptor",
        {},
        {"monthly_monitoring_data_mb": 500_000},
        "metrics.ingested",
        "63700.00",
    ),
    ("google_container_node_pool", {"location": ZONE}, {"nodes": 4}, "e2-medium", "97.84"),
    (
        "google_compute_instance",
        {"zone": ZONE, "machine_type": "e2-medium"},
        {"monthly_hrs": 365},
        "e2-medium",
        "12.23",
    ),
]


@pytest.mark.parametrize(("type_", "values", "stated", "item", "usd"), USED, ids=[row[0] for row in USED])
def test_a_usage_file_has_the_keys_that_users_of_infracost_know(
    type_: str, values: Found, stated: Found, item: str, usd: str
) -> None:
    assert with_usage(planned(f"{type_}.x", **values), **stated)[item] == usd


NO_PRICE = {
    "google_alloydb_instance": {"machine_config": [{"cpu_count": 4}]},
    "google_bigtable_instance": {"cluster": [{"num_nodes": 3}]},
    "google_composer_environment": {},
    "google_filestore_instance": {"tier": "BASIC_SSD", "file_shares": [{"capacity_gb": 2560}]},
    "google_lustre_instance": {"capacity_gib": "18000"},
    "google_memcache_instance": {"node_count": 1, "node_config": [{"cpu_count": 1, "memory_size_mb": 1024}]},
    "google_spanner_instance": {"num_nodes": 1},
    "google_tpu_v2_vm": {"accelerator_type": "v4-8"},
}


@pytest.mark.parametrize("type_", NO_PRICE)
def test_what_is_provisioned_and_has_no_price_says_so(type_: str) -> None:
    found = priced(planned(f"{type_}.x", location=REGION, **NO_PRICE[type_]))
    assert "no price in the book" in {reason for _, reason in unpriced(found)}


class TestMachinesOfServices:
    def test_a_workbench_is_a_machine_with_two_disks(self) -> None:
        setup = {"machine_type": "n1-standard-8", "disable_public_ip": True}
        setup["accelerator_configs"] = [{"type": "NVIDIA_TESLA_T4", "core_count": "1"}]
        found = priced(planned("google_workbench_instance.w", location=ZONE, gce_setup=[setup]))
        assert machines_of(found, "n1-standard-8+1xt4") == (1, 1, 1)
        assert lines(found)["disk.general"] == "25.00"
        assert ("vertex.workbench", "no price in the book") in unpriced(found)

    def test_a_cluster_of_dataproc_is_its_machines(self) -> None:
        roles = {
            "master_config": [{"num_instances": 1, "machine_type": "n1-standard-4"}],
            "worker_config": [{"num_instances": 3, "machine_type": "n1-standard-8"}],
        }
        found = priced(planned("google_dataproc_cluster.d", region=REGION, cluster_config=[roles]))
        assert machines_of(found, "n1-standard-8") == (3, 3, 3)
        assert lines(found)["dataproc.vcpu"] == "204.40"

    def test_tpus_by_what_their_name_counts(self) -> None:
        assert lines(priced(planned("google_tpu_v2_vm.t", zone=ZONE, accelerator_type="v5litepod-8"))) == {
            "tpu.v5litepod": "7008.00"
        }
        nodes = priced(pool(location=ZONE, node_count=2, node_config=[{"machine_type": "ct5lp-hightpu-4t"}]))
        assert lines(nodes)["tpu.v5litepod"] == "7008.00"
        spot = planned("google_tpu_v2_vm.t", zone=ZONE, accelerator_type="v6e-4", scheduling_config=[{"spot": True}])
        assert unpriced(priced(spot)) == {("tpu.v6e_spot", "no price in the book")}

    def test_a_deployed_model_by_its_replicas(self) -> None:
        spec = {"machine_type": "g2-standard-12", "accelerator_type": "NVIDIA_L4", "accelerator_count": 1}
        deploy = [{"dedicated_resources": [{"machine_spec": [spec], "min_replica_count": 1, "max_replica_count": 2}]}]
        type_ = "google_vertex_ai_endpoint_with_model_garden_deployment"
        found = priced(planned(f"{type_}.m", location=REGION, deploy_config=deploy))
        assert ("vertex.prediction.g2-standard-12", "no price in the book") in unpriced(found)


FREE_TYPES = ["google_project_iam_member", "google_sql_user", "google_pubsub_topic_iam_binding", "google_dns_policy"]


@pytest.mark.parametrize("type_", FREE_TYPES)
def test_roles_and_records_are_free(type_: str) -> None:
    found = priced(planned(f"{type_}.x"))
    assert found.free == (f"{type_}.x",)


@pytest.mark.parametrize("tier", ["storage", "backup"])
def test_a_tier_that_makes_the_name_of_another_item_has_no_price(tier: str) -> None:
    """What the book counts in another unit is not the instance."""
    settings = [{"tier": tier, "disk_size": 10}]
    instance = planned("google_sql_database_instance.a", database_version="POSTGRES_16", settings=settings)
    assert "no price in the book" in {reason for _, reason in unpriced(priced(instance))}


def test_disks_of_a_template_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says by itself whether it is a local SSD: to look for it among the others is quadratic."""
    catalog = find_cloud("gcp").catalog  # type: ignore[union-attr]
    disks = [{"disk_type": "local-ssd", "disk_size_gb": 375}, {"disk_size_gb": 10}]
    values = {"machine_type": "n2-standard-8", "disk": disks}
    template = Planned("google_compute_instance_template.t", "google_compute_instance_template", REGION, values)

    def compared(*_: object) -> bool:
        raise AssertionError

    monkeypatch.setattr(Planned, "__eq__", compared)
    uses = list(from_template(template, catalog, ALWAYS))
    assert sum(use.item == "disk.standard" for use in uses) == 1


def test_references_to_all_instances_are_bounded_for_the_whole_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.cost.plan.resources.MOST_TARGETS", 5)
    addresses = [planned(f"google_compute_address.a[{n}]") for n in range(3)]
    nats = [planned(f"google_compute_router_nat.{name}") for name in "bc"]
    written = [refers(f"google_compute_router_nat.{name}", nat_ips="google_compute_address.a") for name in "bc"]
    configuration = configured({"address": "google_compute_address.a"}, *written, region=REGION)
    assert priced(*addresses, *nats[:1], configuration=configuration).resources == 4
    with pytest.raises(DiagnosticsError, match="more than 5 instances"):
        priced(*addresses, *nats, configuration=configuration)


def test_what_templates_multiply_is_bounded_for_the_whole_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundplan.cost.plan.pricing.MOST_LINES", 20)
    disks = [{"disk_size_gb": size} for size in range(10, 18)]
    template = planned("google_compute_instance_template.t", machine_type="n2-standard-8", disk=disks)
    groups = [planned(f"google_compute_instance_group_manager.{name}", target_size=1) for name in "abc"]
    to_it = {"version__instance_template": "google_compute_instance_template.t"}
    written = [refers(f"google_compute_instance_group_manager.{name}", **to_it) for name in "abc"]
    configuration = configured(*written, region=REGION)
    assert priced(template, groups[0], configuration=configuration).resources == 2
    with pytest.raises(DiagnosticsError, match="more than 20 lines"):
        priced(template, *groups, configuration=configuration)
