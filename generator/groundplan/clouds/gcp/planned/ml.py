"""Notebooks, clusters and endpoints of the services for data and machine learning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.facts import LOCAL_SSD_GIB
from groundplan.clouds.gcp.planned.disks import machine_disk
from groundplan.clouds.gcp.planned.machines import Machines, addresses, local_ssds, machines, vcpu_hours
from groundplan.clouds.gcp.planned.metered import Metered, by_use
from groundplan.clouds.gcp.planned.places import block_of, last
from groundplan.clouds.planned import Planned, Uses, nodes, unstated
from groundplan.quantities import HOURS_PER_MONTH, Band

ALWAYS = Amount.around_the_clock()
WORKBENCH_DISKS = (("boot_disk", "boot_disk", Decimal(150)), ("data_disks", "data_disk", Decimal(100)))
"""https://docs.cloud.google.com/vertex-ai/docs/workbench/reference/rest/v2/projects.locations.instances."""
DATAPROC_DISK_GIB = Decimal(1000)
DATAPROC_ROLES = (
    ("master_config", Decimal(1)),
    ("worker_config", Decimal(2)),
    ("preemptible_worker_config", Decimal(0)),
)
"""https://docs.cloud.google.com/dataproc/docs/reference/rest/v1/ClusterConfig."""
TPU_BY_NUMBER, LONGEST_COUNT = ("v5litepod", "v5p", "v6e"), 6
OFF = ("STOPPED", "SUSPENDED")


def workbench(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """A machine with a notebook server: the machine, its disks, and what the service adds by the vCPU."""
    yield from _notebook(block_of(r, "gce_setup"), catalog, stopped=r.text("desired_state") in OFF)


def notebook(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """A notebook of the older kind."""
    yield from _notebook(r, catalog, stopped=r.text("desired_state") in OFF)


def _notebook(setup: Planned, catalog: Catalog, *, stopped: bool) -> Iterator[Use]:
    of = Machines(last(setup.text("machine_type")), ALWAYS)
    if not stopped:
        gpus = "accelerator_configs" if setup.items("accelerator_configs") else "accelerator_config"
        yield from machines(setup, catalog, of, gpus)
        yield use("vertex.workbench", "vcpu_hour", vcpu_hours(catalog, of, "its vCPUs"))
        if not (setup.flag("disable_public_ip") or setup.flag("no_public_ip")):
            yield from addresses(1, of)
    for block, name, gib in WORKBENCH_DISKS:
        disk = block_of(setup, block)
        kind = disk.text("disk_type") or setup.text(f"{name}_type") or "PD_BALANCED"
        size = disk.number("disk_size_gb") or setup.number(f"{name}_size_gb") or gib
        yield from machine_disk(disk, kind.lower().replace("_", "-"), size, ALWAYS)


def dataproc(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Machines of a cluster, and what the service adds by the vCPU: https://cloud.google.com/dataproc/pricing."""
    if r.items("virtual_cluster_config"):
        yield from dataproc_on_gke(r, catalog)
        return
    config = block_of(r, "cluster_config")
    for role, default in DATAPROC_ROLES:
        if default or config.items(role):
            yield from _dataproc_group(block_of(config, role), catalog, default, spot=role.startswith("preempt"))


def _dataproc_group(group: Planned, catalog: Catalog, default: Decimal, *, spot: bool) -> Iterator[Use]:
    count = group.number("num_instances")
    count = default if count is None else count
    if not count:
        return
    on_demand = not spot or group.text("preemptibility") == "NON_PREEMPTIBLE"
    hours = nodes(count, count, count)
    of = Machines(last(group.text("machine_type")), hours, "on_demand" if on_demand else "spot")
    yield from machines(group, catalog, of, "accelerators")
    if of.name:
        yield use("dataproc.vcpu", "vcpu_hour", vcpu_hours(catalog, of, "its vCPUs"))
    disk = block_of(group, "disk_config")
    size = disk.number("boot_disk_size_gb") or DATAPROC_DISK_GIB
    yield from machine_disk(disk, disk.text("boot_disk_type") or "pd-standard", size, hours)
    yield from local_ssds(catalog, of, (disk.number("num_local_ssds") or Decimal(0)) * LOCAL_SSD_GIB)


dataproc_on_gke = by_use(Metered("dataproc.vcpu", "vcpu_hour", "vCPUs of its pods"))
serverless_spark = by_use(
    Metered("dataproc.compute_unit", "hour", "what its batches run"),
    Metered("dataproc.shuffle", "gib_month", "shuffled data"),
)
dataflow = by_use(
    Metered("dataflow.vcpu", "hour", "workers of the job"),
    Metered("dataflow.memory", "gib_hour", "memory of the workers"),
    Metered("dataflow.data", "gib", "data that it shuffles or streams"),
)


def composer(r: Planned, _: Catalog) -> Iterable[Use]:
    """An environment by its size, and the workloads that run in it."""
    config = next(iter(r.blocks("config")), r)
    size = (config.text("environment_size") or "ENVIRONMENT_SIZE_SMALL").removeprefix("ENVIRONMENT_SIZE_").lower()
    yield use(f"composer.environment_{size}", "hour", ALWAYS)
    yield unstated("composer.workloads", "hour", "CPU, memory and storage of scheduler, workers and web server")
    yield unstated("composer.database", "gib_month", "the storage of its database")


def endpoint(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nothing until a model is deployed to it, which a resource of its own, or no plan, does."""
    yield unstated("vertex.prediction", "hour", "machines of the models that are deployed to it")


def deployed(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Replicas of a model by the machine that it is deployed on, at the prices of predictions."""
    config = next(iter(r.blocks("deploy_config")), r)
    yield from _replicas(config, catalog, "vertex.prediction")


def index(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """An index of vector search that is deployed to an endpoint."""
    yield from _replicas(r, catalog, "vertex.index")


def _replicas(r: Planned, catalog: Catalog, service: str) -> Iterator[Use]:
    dedicated = next(iter(r.blocks("dedicated_resources")), None)
    if dedicated is None:
        yield unstated(f"{service}.automatic", "hour", "the service chooses machines")
        return
    low, high = (dedicated.number(f"{end}_replica_count") for end in ("min", "max"))
    low = Decimal(1) if low is None else low
    spec = next(iter(dedicated.blocks("machine_spec")), dedicated)
    hours = nodes(low, low, high or low)
    name = last(spec.text("machine_type")) or "unknown"
    yield use(f"{service}.{name}", "hour", hours)
    count = spec.number("accelerator_count")
    if model := spec.text("accelerator_type").lower().replace("_", "-"):
        band = hours.band if count is None else hours.band and hours.band.times(count)
        yield use(f"{service}.{model}", "hour", Amount(band, "GPUs of its replicas"))


def feature_store(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nodes that serve features online, and what is stored."""
    scaling = next(iter(r.blocks("online_serving_config")), r)
    fixed = scaling.number("fixed_node_count")
    low = scaling.number("scaling", "min_node_count") if fixed is None else fixed
    high = scaling.number("scaling", "max_node_count") if fixed is None else fixed
    if low is not None or high is not None:
        yield use("vertex.feature_node", "hour", nodes(low, low, high))
    yield unstated("vertex.feature_stored", "gib_month", "features that are stored")


def online_store(r: Planned, _: Catalog) -> Iterable[Use]:
    """A store on Bigtable nodes that scale, or an optimized one."""
    low, high = (r.number("bigtable", "auto_scaling", f"{end}_node_count") for end in ("min", "max"))
    if r.items("bigtable"):
        yield use("vertex.feature_node", "hour", nodes(low, low, high))
    else:
        yield unstated("vertex.feature_node_optimized", "hour", "nodes of the optimized store")
    yield unstated("vertex.feature_stored", "gib_month", "features that are stored")


tensorboard = by_use(Metered("vertex.tensorboard_stored", "gib_month", "logs of experiments"))
runtime_template = by_use(Metered("vertex.colab", "hour", "runtimes that are made from it"))


def tpu(r: Planned, _: Catalog) -> Iterable[Use]:
    """A TPU by its type, whose number its price counts: https://cloud.google.com/tpu/pricing."""
    kind = r.text("accelerator_type").lower()
    config = block_of(r, "accelerator_config")
    name, count = kind.rpartition("-")[::2]
    spot = "_spot" if r.flag("scheduling_config", "preemptible") or r.flag("scheduling_config", "spot") else ""
    if name in TPU_BY_NUMBER and count.isascii() and count.isdecimal() and len(count) < LONGEST_COUNT:
        yield use(f"tpu.{name}{spot}", "hour", Amount(Band.of(HOURS_PER_MONTH * int(count)), f"{count} of it"))
        return
    kind = kind or f"{config.text('type').lower()}-{config.text('topology')}".strip("-") or "unknown"
    yield use(f"tpu.{kind}{spot}", "hour", ALWAYS)


runtime = by_use(Metered("vertex.managed_notebook", "hour", "its machine, while it is on"))
tpu_queue = by_use(Metered("tpu.queued", "hour", "TPUs once they are there"))
index_data = by_use(Metered("vertex.index_build", "gib", "data that it is built from"))

workstation = by_use(Metered("workstations.machine", "hour", "machines and disks of workstations, while they are on"))
reasoning = by_use(Metered("vertex.agent_engine", "hour", "vCPUs and memory of its agents"))
data_fusion = by_use(Metered("data_fusion.instance", "hour", "its edition, and clusters of its pipelines"))


def workstation_cluster(_: Planned, __: Catalog) -> Iterable[Use]:
    """The control plane of Cloud Workstations."""
    yield use("workstations.cluster", "hour", ALWAYS)


USES: Mapping[str, Uses] = {
    "google_colab_runtime_template": runtime_template,
    "google_composer_environment": composer,
    "google_data_fusion_instance": data_fusion,
    "google_dataflow_flex_template_job": dataflow,
    "google_dataflow_job": dataflow,
    "google_dataproc_batch": serverless_spark,
    "google_dataproc_cluster": dataproc,
    "google_notebooks_instance": notebook,
    "google_notebooks_runtime": runtime,
    "google_tpu_node": tpu,
    "google_tpu_v2_queued_resource": tpu_queue,
    "google_tpu_v2_vm": tpu,
    "google_vertex_ai_endpoint": endpoint,
    "google_vertex_ai_endpoint_with_model_garden_deployment": deployed,
    "google_vertex_ai_feature_online_store": online_store,
    "google_vertex_ai_featurestore": feature_store,
    "google_vertex_ai_index": index_data,
    "google_vertex_ai_index_endpoint_deployed_index": index,
    "google_vertex_ai_tensorboard": tensorboard,
    "google_vertex_ai_reasoning_engine": reasoning,
    "google_workbench_instance": workbench,
    "google_workstations_workstation": workstation,
    "google_workstations_workstation_cluster": workstation_cluster,
    "google_workstations_workstation_config": workstation,
}
