"""Kubernetes, containers on Fargate, images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.compute import stated_group, subnet_is_public, template_named
from groundplan.clouds.aws.planned.machines import Disk, Launch, Machines, machine_uses, template_of
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

UNITS = re.compile(r"[0-9]{1,9}")
VCPU, GIB = 1024, 1024
"""Fargate counts CPU in units of which a vCPU has 1,024, and memory in MiB:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html."""
NODE_TYPE = "t3.medium"
NODE_GIB, WINDOWS_NODE_GIB = Decimal(20), Decimal(50)
"""Nodes of a group that names neither a type, a template nor a size of disks:
https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html."""
VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    version = r.text("version")
    extended = is_extended(version, catalog) and r.text("upgrade_policy", "support_type") != "STANDARD"
    yield BILLING.control_plane(version or "of the default version", extended=extended)
    if r.flag("compute_config", "enabled"):
        yield unstated("cluster.auto_mode", "hour", "EKS Auto Mode: machines that it starts, and a fee for each")
    if r.items("enabled_cluster_log_types") and not r.alike("aws_cloudwatch_log_group"):
        yield unstated("logs.ingested", "gib", "logs of the control plane, in a group that the plan does not have")
    if r.items("remote_network_config"):
        yield unstated("cluster.hybrid_nodes", "vcpu_hour", "vCPUs of hybrid nodes")
    if r.text("control_plane_scaling_config", "tier") not in ("", "standard"):
        yield without_price("cluster.control_plane_provisioned", "hour", "a provisioned control plane")


def is_extended(version: str, catalog: Catalog) -> bool:
    """Whether the version is billed as one in extended support, as every version before the table's first is."""
    versions = catalog.kubernetes_versions
    for known in versions:
        if known.version == version:
            return known.support(known.as_of) in ("extended", "ended")
    asked, oldest = _minor(version), _minor(versions[0].version)
    return asked is not None and oldest is not None and asked < oldest


def _minor(version: str) -> tuple[int, int] | None:
    found = VERSION.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else None


def _node_group(r: Planned, catalog: Catalog) -> Iterable[Use]:
    machines = stated_group(r, *(r.number("scaling_config", key) for key in ("min_size", "desired_size", "max_size")))
    option: PurchaseOption = "spot" if r.text("capacity_type") == "SPOT" else "on_demand"
    if r.text("ami_type").startswith("WINDOWS"):
        yield without_price("instance.windows", "hour", "licenses of Windows on each node")
    template = template_named(r, "launch_template")
    if template is not None:
        launch = template_of(template)
        launch = replace(launch, instance_type=r.text("instance_types") or launch.instance_type, option=option)
        yield from machine_uses(_addressed(launch, r), machines, r, catalog)
    elif r.items("launch_template"):
        yield from _outside_template(r, option, machines, catalog)
    else:
        launch = Launch(r.text("instance_types") or NODE_TYPE, option, disks=(_node_disk(r),))
        yield from machine_uses(_addressed(launch, r), machines, r, catalog)


def _node_disk(r: Planned) -> Disk:
    windows = r.text("ami_type").startswith("WINDOWS")
    size = r.number("disk_size")
    return Disk("gp3", size if size is not None else WINDOWS_NODE_GIB if windows else NODE_GIB, device="/dev/xvda")


def _addressed(launch: Launch, r: Planned) -> Launch:
    return replace(launch, public=subnet_is_public(r, "subnet_ids")) if launch.public is None else launch


def _outside_template(r: Planned, option: PurchaseOption, machines: Machines, catalog: Catalog) -> Iterator[Use]:
    """The machines of a group whose template is not in the plan: the disks are what that says."""
    uses = machine_uses(_addressed(Launch(r.text("instance_types"), option), r), machines, r, catalog)
    yield from (one for one in uses if one.option is not None or one.item != "disk.general")
    yield unstated(
        "disk.general", "gib_month", "disks of the nodes are in a launch template that the plan does not have"
    )


def _fargate_profile(_: Planned, __: Catalog) -> Iterable[Use]:
    yield from BILLING.serverless(used("pods that the profile takes"), used("their memory"))


def _service(r: Planned, _: Catalog) -> Iterable[Use]:
    """Tasks on Fargate; those on machines are billed with the machines."""
    providers = _providers(r)
    if providers is None:
        words = "what its cluster starts tasks on is not in the plan"
        yield from BILLING.serverless(used(words), used(words))
        return
    if not providers & {"FARGATE", "FARGATE_SPOT"}:
        return
    tasks = _tasks(r)
    if "FARGATE_SPOT" in providers:
        yield without_price("serverless.spot", "hour", "tasks on Fargate Spot")
        return
    if tasks.band is not None and r.flag("network_configuration", "assign_public_ip"):
        yield BILLING.public_address(Amount(tasks.band.times(HOURS_PER_MONTH), f"one for each of {tasks.words}"))
    yield from _fargate(r, tasks)


def _providers(r: Planned) -> set[str] | None:
    """What the tasks of a service run on: as it says, else the default of its cluster; None where that is unknown.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html: `capacityProviderStrategy`.
    """
    if launch := r.text("launch_type"):
        return {launch}
    if own := _strategy(r, "capacity_provider_strategy"):
        return own
    cluster = r.referred("cluster", of="aws_ecs_cluster")
    if cluster is None:
        return None
    said = cluster.referring("aws_ecs_cluster_capacity_providers", "cluster_name")
    defaults = [_strategy(one, "default_capacity_provider_strategy") for one in (cluster, *said[:1])]
    return set().union(*defaults)


def _strategy(r: Planned, block: str) -> set[str]:
    return {name for one in r.blocks(block) if (name := one.text("capacity_provider"))}


def _fargate(r: Planned, tasks: Amount) -> Iterator[Use]:
    task = r.referred("task_definition", of="aws_ecs_task_definition")
    cpu, memory = (_units(task.text(key)) if task else None for key in ("cpu", "memory"))
    if task is None or cpu is None or memory is None or tasks.band is None:
        yield from BILLING.serverless(used("the size of its tasks is not in the plan"), used("their memory"))
        return
    hours = tasks.band.times(HOURS_PER_MONTH)
    arm = task.text("runtime_platform", "cpu_architecture") == "ARM64"
    vcpus = Amount(hours.times(cpu / VCPU), f"{cpu / VCPU:f} vCPU each of {tasks.words}")
    gib = Amount(hours.times(memory / GIB), f"{memory / GIB:f} GiB each of {tasks.words}")
    yield from (replace(one, item=f"{one.item}_arm") if arm else one for one in BILLING.serverless(vcpus, gib))
    if task.text("runtime_platform", "operating_system_family").startswith("WINDOWS"):
        yield without_price("serverless.windows", "hour", "licenses of Windows for each task")
    scratch = task.number("ephemeral_storage", "size_in_gib") or Decimal(0)
    yield from BILLING.scratch(hours, scratch, tasks.words)


def _units(text: str) -> Decimal | None:
    return Decimal(text) if UNITS.fullmatch(text) else None


def _tasks(r: Planned) -> Amount:
    """Tasks of a service, up to what its scaling allows."""
    least = r.number("desired_count")
    if least is None:
        return used("the number of its tasks is known only after apply")
    targets = r.referring("aws_appautoscaling_target", "resource_id")
    most = max((n for t in targets if (n := t.number("max_capacity")) is not None), default=least)
    return Amount(Band(least, least, max(most, least)), f"{least:f} tasks, up to {max(most, least):f}")


def _container_cluster(r: Planned, _: Catalog) -> Iterable[Use]:
    settings = ((s.text("name"), s.text("value")) for s in r.blocks("setting"))
    if any(name == "containerInsights" and value in ("enabled", "enhanced") for name, value in settings):
        yield BILLING.container_insights()


def _repository(r: Planned, _: Catalog) -> Iterable[Use]:
    yield BILLING.repository(r.stated("storage_gb", "the images in it"))


USES = {
    "aws_ecr_repository": _repository,
    "aws_ecs_cluster": _container_cluster,
    "aws_ecs_service": _service,
    "aws_eks_cluster": _cluster,
    "aws_eks_fargate_profile": _fargate_profile,
    "aws_eks_node_group": _node_group,
}
