"""Caches, tables, search, streams and warehouses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import count, hourly, of_type, rule, stated, unmetered, when
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band


def cache_item(node_type: str, engine: str) -> str:
    """An hour of a node; Valkey has prices of its own: https://aws.amazon.com/elasticache/pricing/."""
    return f"cache.{'valkey.' if engine == 'valkey' else ''}{node_type.removeprefix('cache.')}"


def _cache_cluster(r: Planned, _: Catalog) -> Iterable[Use]:
    """A cluster of its own; one of a replication group is billed with that."""
    if (
        r.text("replication_group_id")
        or r.referred("replication_group_id", of="aws_elasticache_replication_group") is not None
    ):
        return
    yield _nodes(r, r.text("engine"), Band.of(r.number("num_cache_nodes") or 1))
    yield from _cache_backups(r)


def _nodes(r: Planned, engine: str, nodes: Band) -> Use:
    name = r.text("node_type")
    if not name:
        return unstated("cache", "hour", "the type of its nodes is known only after apply")
    words = f"{nodes.expected:f} nodes" + ("" if nodes.is_flat else f", {nodes.low:f} to {nodes.high:f}")
    return use(cache_item(name, engine), "hour", Amount(nodes.times(HOURS_PER_MONTH), f"{words}, {ALWAYS}"))


def _cache_backups(r: Planned) -> Iterator[Use]:
    """The first backup is free: https://aws.amazon.com/elasticache/pricing/, backup storage."""
    if (r.number("snapshot_retention_limit") or 0) > 1:
        yield use("cache.backup", "gib_month", r.stated("snapshot_storage_size_gb", "backups beyond the first"))


def _replication_group(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nodes of all shards; those that scale are a band."""
    shards = r.number("num_node_groups") or r.number("cluster_mode", "num_node_groups")
    replicas = r.number("replicas_per_node_group")
    replicas = r.number("cluster_mode", "replicas_per_node_group") if replicas is None else replicas
    if shards is None and replicas is None:
        nodes = r.number("num_cache_clusters") or r.number("number_cache_clusters") or Decimal(1)
        band = Band.of(nodes)
    else:
        band = _scaled(r, shards or Decimal(1), replicas or Decimal(0))
    engine = r.text("engine") or "redis"
    yield _nodes(r, engine, band)
    if r.flag("data_tiering_enabled"):
        yield unstated("cache.tiered", "hour", "data tiering")
    yield from _cache_backups(r)


def _scaled(r: Planned, shards: Decimal, replicas: Decimal) -> Band:
    bounds = {
        "elasticache:replication-group:NodeGroups": Band.of(shards),
        "elasticache:replication-group:Replicas": Band.of(replicas),
    }
    for target in r.referring("aws_appautoscaling_target", "resource_id"):
        kind, low, high = (
            target.text("scalable_dimension"),
            target.number("min_capacity"),
            target.number("max_capacity"),
        )
        if kind in bounds and low is not None and high is not None:
            at = bounds[kind].expected
            bounds[kind] = Band(min(low, at), at, max(high, at))
    groups, copies = bounds.values()
    return Band(*(g * (c + 1) for g, c in zip(groups.cases, copies.cases, strict=True)))


def _table(r: Planned, _: Catalog) -> Iterable[Use]:
    """A table of DynamoDB: by requests, or by capacity that is there: https://aws.amazon.com/dynamodb/pricing/."""
    cold = "_infrequent" if r.text("table_class") == "STANDARD_INFREQUENT_ACCESS" else ""
    copies = len(r.items("replica"))
    if r.text("billing_mode") == "PAY_PER_REQUEST":
        writes = r.stated("monthly_write_request_units", "writes to it", 1 + copies)
        yield use(f"table.write{cold}", "request", writes)
        yield use(f"table.read{cold}", "request", r.stated("monthly_read_request_units", "reads of it"))
    else:
        yield from _table_capacity(r, cold, copies)
    yield use(f"table.stored{cold}", "gib_month", r.stated("storage_gb", "what is in it", 1 + copies))
    if r.flag("point_in_time_recovery", "enabled"):
        yield use("table.recovery", "gib_month", r.stated("pitr_backup_storage_gb", "recovery to a point in time"))
    if r.flag("stream_enabled"):
        yield use("table.stream_read", "request", r.stated("monthly_streams_read_request_units", "reads of its stream"))


def _table_capacity(r: Planned, cold: str, copies: int) -> Iterator[Use]:
    for kind, averaged in (
        ("read", r.usage("provisioned_read_capacity_units")),
        ("write", r.usage("provisioned_write_capacity_units")),
    ):
        units = _units(r, kind) if averaged is None else averaged
        many = units if units is None or kind == "read" else units.times(1 + copies)
        words = f"{kind} capacity of the table and its indexes" + (f", in {1 + copies} regions" if copies else "")
        hours = (
            used(f"{words} is known only after apply") if many is None else Amount(many.times(HOURS_PER_MONTH), words)
        )
        yield use(f"table.{kind}_capacity{cold}", "unit_hour", hours)


def _units(r: Planned, kind: str) -> Band | None:
    """Capacity of the table with its indexes, up to what its scaling allows."""
    base = r.number(f"{kind}_capacity")
    if base is None:
        return None
    indexes = sum(
        (index.number(f"{kind}_capacity") or Decimal(0) for index in r.blocks("global_secondary_index")), Decimal(0)
    )
    high = base
    for target in r.referring("aws_appautoscaling_target", "resource_id"):
        if target.text("scalable_dimension") == f"dynamodb:table:{kind.title()}CapacityUnits":
            high = max(high, target.number("max_capacity") or base)
    return Band(base, base, high) + Band.of(indexes)


def _search(r: Planned, _: Catalog) -> Iterable[Use]:
    """A domain of OpenSearch: nodes, storage of data nodes, masters and warm nodes."""
    nodes = r.number("cluster_config", "instance_count") or Decimal(1)
    name = r.text("cluster_config", "instance_type") or "m4.large.elasticsearch"
    yield _search_nodes(name, nodes, "data nodes")
    if r.flag("cluster_config", "dedicated_master_enabled"):
        masters = r.number("cluster_config", "dedicated_master_count") or Decimal(3)
        yield _search_nodes(r.text("cluster_config", "dedicated_master_type") or name, masters, "master nodes")
    if r.flag("cluster_config", "warm_enabled"):
        warm = r.number("cluster_config", "warm_count") or Decimal(2)
        yield _search_nodes(r.text("cluster_config", "warm_type") or "ultrawarm1.medium.search", warm, "warm nodes")
        yield unstated("search.warm_stored", "gib_month", "what is in its warm storage")
    yield from _search_disks(r, nodes)


def _search_nodes(name: str, nodes: Decimal, words: str) -> Use:
    item = f"search.{name.removesuffix('.search').removesuffix('.elasticsearch')}"
    return use(item, "hour", Amount.around_the_clock(f"{nodes:f} {words}, {ALWAYS}", nodes))


def _search_disks(r: Planned, nodes: Decimal) -> Iterator[Use]:
    size = r.number("ebs_options", "volume_size")
    if r.off("ebs_options", "ebs_enabled") or size is None:
        return
    kind = r.text("ebs_options", "volume_type") or "gp2"
    yield use(
        f"search.storage_{kind}",
        "gib_month",
        Amount.of(size * nodes, f"{size:f} GiB of {kind} on each of {nodes:f} nodes"),
    )
    iops = r.number("ebs_options", "iops") or Decimal(0)
    if kind == "io1" and iops:
        yield use("search.iops_io1", "iops_month", Amount.of(iops * nodes, f"{iops:f} IOPS on each of {nodes:f} nodes"))
    if kind == "gp3":
        yield from _search_gp3(r, size, iops, nodes)


def _search_gp3(r: Planned, size: Decimal, iops: Decimal, nodes: Decimal) -> Iterator[Use]:
    """What gp3 has in its price grows with the size:
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/opensearch-gp3.html."""
    free_iops = max(Decimal(3000), size * 3) if size >= 1024 else Decimal(3000)
    if (more := iops - free_iops) > 0:
        yield without_price("search.iops_gp3", "iops_month", f"{more * nodes:f} IOPS beyond those of its size")
    throughput = r.number("ebs_options", "throughput") or Decimal(0)
    free = Decimal(125) if size < 170 else Decimal(250) * (int(size) // 3072 + 1)
    if (more := throughput - free) > 0:
        yield use(
            "search.throughput_gp3",
            "mibps_month",
            Amount.of(more * nodes, f"{more:f} MiB/s more on each of {nodes:f} nodes"),
        )


def _broker(r: Planned, _: Catalog) -> Iterable[Use]:
    nodes, name = r.number("number_of_broker_nodes"), r.text("broker_node_group_info", "instance_type")
    if nodes is None or not name:
        yield unstated("broker", "hour", "its brokers are known only after apply")
        return
    yield use(f"broker.{name}", "hour", Amount.around_the_clock(f"{nodes:f} brokers, {ALWAYS}", nodes))
    yield from _broker_storage(r, nodes)
    if r.text("enhanced_monitoring") not in ("", "DEFAULT"):
        yield unstated("metrics.custom", "metric_month", "metrics of its brokers and topics")


def _broker_storage(r: Planned, nodes: Decimal) -> Iterator[Use]:
    disk = ("broker_node_group_info", "storage_info", "ebs_storage_info")
    size = r.number(*disk, "volume_size") or r.number("broker_node_group_info", "ebs_volume_size")
    if size is None:
        return
    most = max(
        (n for t in r.referring("aws_appautoscaling_target", "resource_id") if (n := t.number("max_capacity"))),
        default=size,
    )
    gib = Band(size, size, max(most, size)).times(nodes)
    yield use("broker.stored", "gib_month", Amount(gib, f"{size:f} GiB on each of {nodes:f} brokers"))
    if r.flag(*disk, "provisioned_throughput", "enabled"):
        yield without_price("broker.throughput", "mibps_month", "provisioned throughput of its storage")
    if r.text("storage_mode") == "TIERED":
        yield unstated("broker.tiered", "gib_month", "what is in its second tier")


def _stream(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("stream_mode_details", "stream_mode") == "ON_DEMAND":
        yield use("stream.on_demand", "hour", Amount.around_the_clock())
        yield use("stream.on_demand_in", "gib", r.stated("monthly_on_demand_data_in_gb", "what is written to it"))
        yield use("stream.on_demand_out", "gib", r.stated("monthly_on_demand_data_out_gb", "what is read of it"))
        return
    shards = r.number("shard_count") or Decimal(1)
    yield use("stream.shard", "hour", Amount.around_the_clock(f"{shards:f} shards, {ALWAYS}", shards))
    yield use("stream.put", "request", r.stated("monthly_provisioned_put_units", "writes to it"))
    kept = r.number("retention_period") or Decimal(24)
    if kept > 24:
        yield use(
            "stream.shard_extended", "hour", Amount.around_the_clock(f"{shards:f} shards kept {kept:f} h", shards)
        )
    if kept > 168:
        yield use(
            "stream.kept",
            "gib_month",
            r.stated("monthly_provisioned_long_term_retention_gb", "what is kept beyond a week"),
        )
    if r.items("shard_level_metrics"):
        yield unstated("metrics.custom", "metric_month", "metrics of its shards")


def _warehouse(r: Planned, _: Catalog) -> Iterable[Use]:
    name = r.text("node_type")
    nodes = (r.number("number_of_nodes") or Decimal(1)) * (2 if r.flag("multi_az") else 1)
    yield from of_type("warehouse", ("node_type",), "nodes of", lambda _: nodes)(r)
    if name.startswith("ra3"):
        yield use("warehouse.stored", "gib_month", r.stated("managed_storage_gb", "what is in it"))
    yield use("warehouse.backup", "gib_month", r.stated("backup_storage_gb", "backups"))
    if r.flag("publicly_accessible"):
        yield BILLING.public_address(Amount.around_the_clock())


def _memory_store(r: Planned, _: Catalog) -> Iterable[Use]:
    shards, replicas = count("num_shards")(r) or Decimal(1), count("num_replicas_per_shard")(r) or Decimal(0)
    nodes = shards * (replicas + 1)
    yield from of_type("memory_store", ("node_type",), "nodes of", lambda _: nodes)(r)


def _copies(r: Planned) -> bool:
    return (r.number("backup_retention_period") or 0) > 1


USES = {
    "aws_docdb_cluster": rule(stated("documents.backup", "gib_month", "backup_storage_gb", "backups")),
    "aws_docdb_cluster_instance": rule(
        of_type("documents", ("instance_class",), "instance of"),
        stated("documents.stored", "gib_month", "data_storage_gb", "what is in it"),
        stated("documents.request", "request", "monthly_io_requests", "reads and writes of the storage"),
    ),
    "aws_dynamodb_table": _table,
    "aws_elasticache_cluster": _cache_cluster,
    "aws_elasticache_replication_group": _replication_group,
    "aws_elasticache_serverless_cache": rule(
        unmetered("cache.serverless_stored", "gib_hour", "what is in it"),
        unmetered("cache.serverless_units", "request", "what it processes"),
    ),
    "aws_elasticsearch_domain": _search,
    "aws_kinesis_stream": _stream,
    "aws_memorydb_cluster": _memory_store,
    "aws_msk_cluster": _broker,
    "aws_msk_serverless_cluster": rule(
        hourly("broker.serverless", "cluster"),
        unmetered("broker.serverless_partition", "hour", "its partitions"),
        unmetered("broker.serverless_in", "gib", "what is written to it"),
        unmetered("broker.serverless_out", "gib", "what is read of it"),
    ),
    "aws_neptune_cluster": rule(
        stated("graph.stored", "gib_month", "storage_gb", "what is in it"),
        stated("graph.request", "request", "monthly_io_requests", "reads and writes of the storage"),
        when(
            _copies, stated("graph.backup", "gib_month", "backup_storage_gb", "backups beyond the size of the storage")
        ),
    ),
    "aws_neptune_cluster_instance": rule(of_type("graph", ("instance_class",), "instance of")),
    "aws_opensearch_domain": _search,
    "aws_opensearchserverless_collection": rule(unmetered("search.serverless", "unit_hour", "its compute units")),
    "aws_redshift_cluster": _warehouse,
    "aws_redshiftserverless_namespace": rule(unmetered("warehouse.stored", "gib_month", "what is in it")),
    "aws_redshiftserverless_workgroup": rule(unmetered("warehouse.serverless", "unit_hour", "its processing units")),
    "aws_timestreaminfluxdb_db_instance": rule(of_type("timeseries", ("db_instance_type",), "instance of")),
}
