"""Functions, queues, topics, APIs, workflows and jobs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import of_type, rule, stated, unmetered
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band

MIB_PER_GIB = Decimal(1024)
DEFAULT_MIB, FREE_SCRATCH_MIB = Decimal(128), Decimal(512)
"""Memory of a function that names none, and storage without a charge: https://aws.amazon.com/lambda/pricing/."""
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600
INCLUDED_WORKERS, INCLUDED_SCHEDULERS = Decimal(1), Decimal(2)
"""What an environment's hour has in it: https://aws.amazon.com/managed-workflows-for-apache-airflow/pricing/."""
DPUS = {"G.025X": "0.25", "G.1X": "1", "G.2X": "2", "G.4X": "4", "G.8X": "8", "Standard": "1"}
"""Processing units of a worker: https://docs.aws.amazon.com/glue/latest/dg/add-job.html."""


def is_arm(r: Planned) -> bool:
    """Whether a function runs on Graviton."""
    return "arm64" in r.items("architectures")


def _function(r: Planned, _: Catalog) -> Iterable[Use]:
    arm = "_arm" if is_arm(r) else ""
    memory = (r.number("memory_size") or DEFAULT_MIB) / MIB_PER_GIB
    requests, milliseconds = r.usage("monthly_requests"), r.usage("request_duration_ms")
    yield use("function.request", "request", r.stated("monthly_requests", "calls of it"))
    yield use(f"function.duration{arm}", "gib_second", _duration(r, requests, milliseconds, memory))
    scratch = (r.number("ephemeral_storage", "size") or FREE_SCRATCH_MIB) - FREE_SCRATCH_MIB
    if scratch > 0:
        more = _duration(r, requests, milliseconds, scratch / MIB_PER_GIB)
        yield use("function.scratch", "gib_second", more)


def _duration(r: Planned, requests: Band | None, milliseconds: Band | None, gib: Decimal) -> Amount:
    if requests is None or milliseconds is None:
        return used("how long its calls take: `monthly_requests` and `request_duration_ms` in a usage file state it")
    cases = zip(requests.cases, milliseconds.cases, strict=True)
    seconds = Band(*(n * ms / 1000 for n, ms in cases))
    return Amount(seconds.times(gib), f"{gib:f} GiB for {seconds.expected:f} s of the usage file")


def _provisioned(r: Planned, _: Catalog) -> Iterable[Use]:
    """Concurrency that is kept ready, used or not."""
    function = r.referred("function_name", of="aws_lambda_function")
    ready = r.number("provisioned_concurrent_executions")
    if function is None or ready is None:
        yield unstated("function.provisioned", "gib_second", "its function or its number is not in the plan")
        return
    gib = (function.number("memory_size") or DEFAULT_MIB) / MIB_PER_GIB
    words = f"{ready:f} kept ready with {gib:f} GiB each, {ALWAYS}"
    item = f"function.provisioned{'_arm' if is_arm(function) else ''}"
    yield use(item, "gib_second", Amount.of(ready * gib * SECONDS_PER_MONTH, words))


def _chunked(r: Planned, requests: str, size: str, chunk_kib: int, words: str) -> Amount:
    """Requests, of which one is billed for every `chunk_kib` that it has."""
    kib = r.usage(size)
    chunks = max(-(-kib.expected // chunk_kib), Decimal(1)) if kib is not None else Decimal(1)
    return r.stated(requests, words, chunks)


def _queue(r: Planned, _: Catalog) -> Iterable[Use]:
    item = f"queue.request{'_fifo' if r.flag('fifo_queue') else ''}"
    yield use(item, "request", _chunked(r, "monthly_requests", "request_size_kb", 64, "requests to it"))


def _topic(r: Planned, _: Catalog) -> Iterable[Use]:
    """What is published; deliveries by the kind of the subscriber."""
    if r.flag("fifo_topic"):
        yield use("notifications.published_fifo", "request", r.stated("monthly_requests", "what is published to it"))
        yield unstated("notifications.payload_fifo", "gib", "the size of what is published to it")
        return
    published = _chunked(r, "monthly_requests", "request_size_kb", 64, "what is published to it")
    yield use("notifications.published", "request", published)
    for key, item, words in DELIVERIES:
        if (subscribers := r.usage(key)) is not None:
            yield use(item, "request", r.stated("monthly_requests", words, subscribers.expected))


DELIVERIES = (
    ("http_subscriptions", "notifications.http", "deliveries to HTTP endpoints"),
    ("email_subscriptions", "notifications.email", "mails"),
    ("mobile_push_subscriptions", "notifications.push", "push notifications"),
)
DELIVERED = {
    "http": "notifications.http",
    "https": "notifications.http",
    "email": "notifications.email",
    "email-json": "notifications.email",
    "sms": "notifications.sms",
    "application": "notifications.push",
    "firehose": "notifications.firehose",
}
"""What a delivery is billed as by protocol; to queues and functions it is free: https://aws.amazon.com/sns/pricing/."""


def _subscription(r: Planned, _: Catalog) -> Iterable[Use]:
    if (item := DELIVERED.get(r.text("protocol"))) is not None:
        yield use(item, "request", r.stated("monthly_requests", f"deliveries by {r.text('protocol')}"))


def _api(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("protocol_type") == "WEBSOCKET":
        messages = _chunked(r, "monthly_messages", "message_size_kb", 32, "messages through it")
        yield use("api.message", "request", messages)
        yield use("api.connection", "minute", r.stated("monthly_connection_mins", "open connections"))
    else:
        yield use(
            "api.http_request", "request", _chunked(r, "monthly_requests", "request_size_kb", 512, "requests to it")
        )


def _api_stage(r: Planned, _: Catalog) -> Iterable[Use]:
    """A stage's cache, around the clock."""
    if r.flag("cache_cluster_enabled") or r.text("cache_cluster_size"):
        yield from of_type("api.cache", ("cache_cluster_size",), "cache of")(r)


def _express_duration(r: Planned) -> Amount:
    """In steps of 100 ms and of 64 MB: https://aws.amazon.com/step-functions/pricing/, Express Workflows."""
    runs, ms, mib = r.usage("monthly_requests"), r.usage("workflow_duration_ms"), r.usage("memory_mb")
    if runs is None or ms is None or mib is None:
        return used("how long its runs take: `monthly_requests`, `workflow_duration_ms` and `memory_mb` state it")
    seconds = -(-ms.expected // 100) / 10
    gib = -(-mib.expected // 64) * 64 / MIB_PER_GIB
    return Amount(runs.times(seconds * gib), f"{seconds:f} s with {gib:f} GiB each, of the usage file")


def _workflow(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("type") == "EXPRESS":
        yield use("workflow.express", "request", r.stated("monthly_requests", "runs of it"))
        yield use("workflow.express_duration", "gib_second", _express_duration(r))
    else:
        yield use("workflow.transition", "transition", r.stated("monthly_transitions", "steps of its runs"))


def _airflow(r: Planned, _: Catalog) -> Iterable[Use]:
    """An environment, and what it has beyond what its hour includes: workers up to its maximum."""
    size = (r.text("environment_class") or "mw1.small").lower().removeprefix("mw1.")
    yield use(f"airflow.{size}", "hour", Amount.around_the_clock())
    low = max((r.number("min_workers") or INCLUDED_WORKERS) - INCLUDED_WORKERS, Decimal(0))
    high = max((r.number("max_workers") or Decimal(10)) - INCLUDED_WORKERS, low)
    workers = r.usage("additional_workers") or Band(low, low, high)
    yield use(
        f"airflow.{size}_worker",
        "hour",
        Amount(workers.times(HOURS_PER_MONTH), f"{workers.expected:f} more workers, up to {workers.high:f}"),
    )
    schedulers = (r.number("schedulers") or INCLUDED_SCHEDULERS) - INCLUDED_SCHEDULERS
    if schedulers > 0:
        yield use(
            f"airflow.{size}_scheduler", "hour", Amount.around_the_clock(f"{schedulers:f} more schedulers", schedulers)
        )
    yield use("airflow.stored", "gib_month", r.stated("meta_database_gb", "its metadata"))


def _glue_job(r: Planned, _: Catalog) -> Iterable[Use]:
    """Processing units for as long as the job runs."""
    units = _processing_units(r)
    if units is None:
        kind = r.text("worker_type")
        no_size = f"workers of type {kind} have no size in the tables" if kind and kind not in DPUS else ""
        yield unstated("etl.job", "dpu_hour", no_size or "the number or the type of its workers is not in the plan")
        return
    item = "etl.job_flex" if r.text("execution_class") == "FLEX" else "etl.job"
    yield use(item, "dpu_hour", r.stated("monthly_hours", f"hours with {units:f} processing units", units))


def _processing_units(r: Planned) -> Decimal | None:
    if (capacity := r.number("max_capacity")) is not None:
        return capacity
    workers, kind = r.number("number_of_workers"), r.text("worker_type")
    if workers is None and not kind:
        return Decimal("0.0625") if r.text("command", "name") == "pythonshell" else Decimal(10)
    return None if workers is None or kind not in DPUS else workers * Decimal(DPUS[kind])


def _delivery(r: Planned, _: Catalog) -> Iterable[Use]:
    yield use("delivery.ingested", "gib", r.stated("monthly_data_ingested_gb", "what goes through it"))
    if r.items("extended_s3_configuration") and r.blocks("extended_s3_configuration")[0].flag(
        "data_format_conversion_configuration", "enabled"
    ):
        yield use("delivery.converted", "gib", r.stated("monthly_data_ingested_gb", "what is converted"))


def _batch(r: Planned, _: Catalog) -> Iterable[Use]:
    """Machines that jobs ask for; those that are always there where it keeps a minimum."""
    if r.text("type") == "UNMANAGED":
        return
    kept = r.number("compute_resources", "min_vcpus")
    kind = r.text("compute_resources", "type")
    words = f"machines of jobs, {kept:f} vCPUs always" if kept else "machines while jobs run"
    if kind.startswith("FARGATE"):
        yield from BILLING.serverless(used("vCPUs while jobs run"), used("memory while jobs run"))
    else:
        yield unstated("instance", "hour", words)


USES = {
    "aws_athena_workgroup": rule(unmetered("query.scanned", "gib", "what its queries read")),
    "aws_glue_catalog_database": rule(
        unmetered("etl.catalog", "object_month", "tables above the account's first million")
    ),
    "aws_api_gateway_rest_api": rule(stated("api.rest_request", "request", "monthly_requests", "requests to it")),
    "aws_api_gateway_stage": _api_stage,
    "aws_apigatewayv2_api": _api,
    "aws_apprunner_service": rule(
        unmetered("app.memory", "gib_hour", "memory of its instances"),
        unmetered("app.vcpu", "hour", "vCPUs while busy"),
    ),
    "aws_batch_compute_environment": _batch,
    "aws_cloudwatch_event_archive": rule(unmetered("events.archived", "gib_month", "events that it keeps")),
    "aws_cloudwatch_event_bus": rule(
        stated("events.published", "request", "monthly_custom_events", "events sent to it")
    ),
    "aws_codebuild_project": rule(stated("build.minute", "minute", "monthly_build_mins", "builds")),
    "aws_glue_crawler": rule(stated("etl.crawler", "dpu_hour", "monthly_hours", "hours that it runs")),
    "aws_glue_job": _glue_job,
    "aws_kinesis_firehose_delivery_stream": _delivery,
    "aws_lambda_function": _function,
    "aws_lambda_provisioned_concurrency_config": _provisioned,
    "aws_mq_broker": rule(unmetered("messages.broker", "hour", "its brokers and their storage")),
    "aws_mwaa_environment": _airflow,
    "aws_pipes_pipe": rule(unmetered("events.pipe", "request", "what goes through it")),
    "aws_scheduler_schedule": rule(unmetered("events.scheduled", "request", "runs of it")),
    "aws_sfn_state_machine": _workflow,
    "aws_sns_topic": _topic,
    "aws_sns_topic_subscription": _subscription,
    "aws_sqs_queue": _queue,
}
