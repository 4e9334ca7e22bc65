"""Containers and functions without machines of ours, and messages between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.planned.metered import Metered, by_use
from groundplan.clouds.gcp.planned.places import whole
from groundplan.clouds.planned import Planned, Uses, used
from groundplan.quantities import HOURS_PER_MONTH, Band

CPU, MEMORY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(m?)"), re.compile(r"([0-9]{1,9})(Gi|Mi|G|M)")
"""Sizes of containers as Kubernetes writes them."""
DEFAULT_SIZE = (Decimal(1), Decimal("0.5"))
"""vCPU and GiB of a container that states none: https://docs.cloud.google.com/run/docs/configuring/services/memory-limits."""
WHOLE = re.compile(r"[0-9]{1,6}")
MS_PER_HOUR, MINUTES_PER_HOUR = Decimal(3_600_000), 60
UNITS = {"Gi": Decimal(1), "Mi": Decimal(1) / 1024, "G": Decimal(10**9) / 2**30, "M": Decimal(10**6) / 2**30}
GHZ = {128: "0.2", 256: "0.4", 512: "0.8", 1024: "1.4", 2048: "2.4", 4096: "4.8", 8192: "4.8"}
"""By MiB of a function of the first generation: https://cloud.google.com/functions/pricing-1stgen."""
DEFAULT_FUNCTION_MIB = 256
UP, UP_MEMORY = used("the hours that its instances are up"), used("the hours of its memory")


def run_service(r: Planned, _: Catalog) -> Iterable[Use]:
    """A service that keeps its CPU is billed by the hours of its instances, others by requests:
    https://cloud.google.com/run/pricing."""
    containers = _containers(r)
    sizes = [_size(container) for container in containers]
    scaling = tuple(r.number("template", "scaling", f"{end}_instance_count") for end in ("min", "max"))
    always = bool(containers) and all(container.off("resources", "cpu_idle") for container in containers)
    yield from _service(r, sizes, scaling, always=always)


def run_service_v1(r: Planned, _: Catalog) -> Iterable[Use]:
    """A service in the words of Knative, whose annotations say how it scales."""
    template = next(iter(r.blocks("template")), r)
    spec = next(iter(template.blocks("spec")), template)
    sizes = [_size(container) for container in spec.blocks("containers")]
    notes = ("metadata", "annotations")
    scaling = tuple(_whole(template.text(*notes, f"autoscaling.knative.dev/{end}Scale")) for end in ("min", "max"))
    always = template.text(*notes, "run.googleapis.com/cpu-throttling") == "false"
    yield from _service(r, sizes, scaling, always=always)


def _whole(text: str) -> Decimal | None:
    return Decimal(text) if WHOLE.fullmatch(text) else None


Sizes = Sequence[tuple[Decimal, Decimal] | None]
Scaling = tuple[Decimal | None, ...]
"""Instances at the least and at the most."""


def _service(r: Planned, sizes: Sizes, scaling: Scaling, *, always: bool) -> Iterator[Use]:
    """By instances where they keep their CPU, by requests where not."""
    if always:
        yield from _always_allocated(r, sizes, scaling)
    else:
        yield from _by_request(r, sizes, scaling[0])


def _always_allocated(r: Planned, sizes: Sizes, scaling: Scaling) -> Iterator[Use]:
    hours, words = r.usage("instance_hrs"), "instance hours of the usage file"
    if hours is None:
        least, most = scaling[0] or Decimal(0), scaling[1]
        if least and most is not None:
            hours = Band(least, least, max(most, least)).times(HOURS_PER_MONTH)
            words = f"{least:f} instances, up to {max(most, least):f}"
    if hours is None or None in sizes:
        yield from BILLING.serverless(UP, UP_MEMORY)
        return
    for cpu, gib in filter(None, sizes):
        vcpus = Amount(hours.times(cpu), f"{cpu:f} vCPU each of {words}")
        yield from BILLING.serverless(vcpus, Amount(hours.times(gib), f"{gib:f} GiB each of {words}"))


def _by_request(r: Planned, sizes: Sizes, least: Decimal | None) -> Iterator[Use]:
    requests, duration = r.usage("monthly_requests"), r.usage("average_request_duration_ms")
    together = r.usage("concurrent_requests_per_instance")
    if requests is None or duration is None or None in sizes:
        yield from BILLING.serverless(UP, UP_MEMORY)
        return
    at_once = max(together.expected, Decimal(1)) if together else Decimal(1)
    hours = requests.times(duration.expected / MS_PER_HOUR / at_once)
    for cpu, gib in filter(None, sizes or [DEFAULT_SIZE]):
        words = f"{requests.expected:f} requests of {duration.expected:f} ms"
        yield use("serverless.request_vcpu", "hour", Amount(hours.times(cpu), words))
        yield use("serverless.request_memory", "gib_hour", Amount(hours.times(gib), words))
    yield use("serverless.requests", "request", Amount(requests, "requests"))
    if least:
        yield from BILLING.serverless(used("its instances that wait"), used("the memory of instances that wait"))


def run_job(r: Planned, _: Catalog) -> Iterable[Use]:
    """A job by what its tasks run."""
    runs, minutes = r.usage("monthly_job_executions"), r.usage("average_task_execution_mins")
    template = next(iter(r.blocks("template")), None)
    inner = next(iter(template.blocks("template")), None) if template else None
    sizes = [_size(container) for container in inner.blocks("containers")] if inner else []
    if runs is None or minutes is None or template is None or None in sizes:
        yield from BILLING.serverless(UP, UP_MEMORY)
        return
    tasks = template.number("task_count") or Decimal(1)
    hours = runs.times(minutes.expected * tasks / MINUTES_PER_HOUR)
    for cpu, gib in filter(None, sizes or [DEFAULT_SIZE]):
        words = f"{runs.expected:f} runs of {tasks:f} tasks, {minutes.expected:f} minutes each"
        yield from BILLING.serverless(Amount(hours.times(cpu), words), Amount(hours.times(gib), words))


def _containers(r: Planned) -> list[Planned]:
    template = next(iter(r.blocks("template")), None)
    return template.blocks("containers") if template else []


def _size(container: Planned) -> tuple[Decimal, Decimal] | None:
    """vCPUs and GiB of a container, the default of what it does not state; None for a text that is no size."""
    cpu_text, memory_text = (container.text("resources", "limits", key) for key in ("cpu", "memory"))
    cpu, memory = CPU.fullmatch(cpu_text), MEMORY.fullmatch(memory_text)
    if (cpu_text and not cpu) or (memory_text and not memory):
        return None
    vcpus = Decimal(cpu[1]) / (1000 if cpu[2] else 1) if cpu else DEFAULT_SIZE[0]
    return vcpus, Decimal(memory[1]) * UNITS[memory[2]] if memory else DEFAULT_SIZE[1]


def function(r: Planned, _: Catalog) -> Iterable[Use]:
    """A function of the first generation by its runs and its memory."""
    runs, duration = r.usage("monthly_function_invocations"), r.usage("request_duration_ms")
    mib = int(r.number("available_memory_mb") or DEFAULT_FUNCTION_MIB)
    seconds = None if runs is None or duration is None else runs.times(duration.expected / 1000)
    words = f"runs with {mib} MiB: request_duration_ms and monthly_function_invocations of a usage file state them"
    ghz = Decimal(GHZ[mib]) if mib in GHZ else None
    yield use("functions.cpu", "ghz_second", Amount(seconds.times(ghz) if seconds and ghz else None, words))
    yield use("functions.memory", "gib_second", Amount(seconds and seconds.times(Decimal(mib) / 1024), words))
    yield use("functions.runs", "request", Amount(runs, "runs"))
    yield use("egress.internet", "gib", r.stated("monthly_outbound_data_gb", "what it sends out"))


def function_of_run(_: Planned, __: Catalog) -> Iterable[Use]:
    """A function of the second generation is a service of Cloud Run."""
    yield from BILLING.serverless(UP, UP_MEMORY)


TIB = "monthly_message_data_tb"
topic = by_use(Metered("messages.published", "tib", "messages to it", TIB))
subscription = by_use(
    Metered("messages.delivered", "tib", "messages from it", TIB),
    Metered("messages.retained", "gib_month", "messages that it keeps", "storage_gb"),
    Metered("messages.snapshots", "gib_month", "snapshots of its backlog", "snapshot_storage_gb"),
)
tasks = by_use(Metered("messages.task_operations", "request", "tasks"))
workflow = by_use(Metered("workflows.steps", "request", "steps"))
api_gateway = by_use(Metered("api_gateway.calls", "request", "calls"))
build = by_use(Metered("build.minutes", "minute", "builds"))


def scheduler_job(_: Planned, __: Catalog) -> Iterable[Use]:
    """A job that starts others, by its number: https://cloud.google.com/scheduler/pricing."""
    yield use("scheduler.job", "job_month", Amount.of(1, "one job; three of an account are free"))


def connector(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Machines that a Serverless VPC Access connector keeps up:
    https://docs.cloud.google.com/vpc/docs/serverless-vpc-access#pricing."""
    machine = r.text("machine_type") or "e2-micro"
    low, high = (r.number(f"{name}_instances") for name in ("min", "max"))
    low = Decimal(2) if low is None else low
    band = Band(low, low, max(high or low, low)).times(HOURS_PER_MONTH)
    yield BILLING.machine(machine, Amount(band, "machines of the connector"), "on_demand")


events = by_use(Metered("events.delivered", "request", "events"))

search = by_use(Metered("search.queries", "request", "queries, and what is indexed"))
inspection = by_use(Metered("inspection.data", "gib", "what it inspects"))


def kafka(r: Planned, _: Catalog) -> Iterable[Use]:
    """A managed cluster by its vCPUs and its memory."""
    cpus = whole(r, "capacity_config", "vcpu_count")
    hours = None if cpus is None else Band.of(HOURS_PER_MONTH * cpus)
    yield use("kafka.vcpu", "hour", Amount(hours, "vCPUs of the cluster and their memory"))
    yield use("kafka.stored", "gib_month", used("what its topics keep"))


USES: Mapping[str, Uses] = {
    "google_api_gateway_gateway": api_gateway,
    "google_cloud_run_service": run_service_v1,
    "google_cloud_run_v2_job": run_job,
    "google_cloud_run_v2_service": run_service,
    "google_cloud_run_v2_worker_pool": run_service,
    "google_cloud_scheduler_job": scheduler_job,
    "google_cloud_tasks_queue": tasks,
    "google_cloudbuild_trigger": build,
    "google_cloudbuild_worker_pool": build,
    "google_cloudfunctions2_function": function_of_run,
    "google_cloudfunctions_function": function,
    "google_eventarc_trigger": events,
    "google_data_loss_prevention_job_trigger": inspection,
    "google_discovery_engine_data_store": search,
    "google_discovery_engine_search_engine": search,
    "google_managed_kafka_cluster": kafka,
    "google_managed_kafka_connect_cluster": kafka,
    "google_pubsub_subscription": subscription,
    "google_pubsub_topic": topic,
    "google_vpc_access_connector": connector,
    "google_workflows_workflow": workflow,
}
