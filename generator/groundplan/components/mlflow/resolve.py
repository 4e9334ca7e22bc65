"""The tracking server of a stack: its database by needs, its bucket, its names."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from groundplan.catalog.catalog import DatabaseClass
from groundplan.clouds.billing import database_item
from groundplan.components.mlflow import spec as blocks
from groundplan.components.mlflow.part import PATH, Database, Mlflow
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.mlflow.standing import choose_postgres, choose_storage
from groundplan.components.object_store.part import Bucket
from groundplan.diagnostics import Diagnostic
from groundplan.stack import naming
from groundplan.stack.model import Alternative, Origin
from groundplan.stack.work import Work, as_written

MLFLOW_BUCKET = "mlflow"
"""Name of the bucket that keeps artifacts, beside those of the spec."""
MLFLOW_LOG_BUCKET = "mlflow-logs"
DEFAULT_REPLICAS = 2
DEFAULT_NEEDS = (2, 4)
"""vCPUs and GiB of memory of the database."""
DEFAULT_BACKUP_DAYS = 14
ARTIFACT_VERSIONS_DAYS = 30
CLASS_REASON = "lowest price, else smallest, among the classes that fit, when it was chosen"
"""Holds for a class with and without a price, and for one that an earlier render chose."""


def resolve_mlflow(work: Work) -> Mlflow | None:
    """The tracking server, or None when the spec has none."""
    tracking = work.spec.block(Tracking)
    if tracking is None:
        return None
    said = tracking.mlflow
    database = _database(work, said.database)
    replicas = work.choose(f"{PATH}.replicas", said.replicas, DEFAULT_REPLICAS, "one stays while the other is replaced")
    if database is None:
        return None
    return Mlflow(
        hosting=work.choose(f"{PATH}.hosting", said.hosting, "kubernetes", "beside the workloads that log to it"),
        replicas_min=replicas,
        replicas_max=max(replicas * 2, 2),
        bucket=naming.bucket_name(work.spec, MLFLOW_BUCKET),
        log_bucket=naming.bucket_name(work.spec, MLFLOW_LOG_BUCKET),
        secret_name=f"{work.spec.name}{work.cloud.names.path_separator}mlflow",
        host=said.host or "",
        certificate=str(block.certificate) if (block := said.block_of(work.cloud.name)) else "",
        client_cidrs=tuple(said.client_cidrs),
        image=said.image or "",
        proxy_image=str(said.options_of(work.cloud.name).get("proxy_image", "")),
        database=database,
        default_permission=said.default_permission,
    )


def artifacts_bucket(work: Work) -> Bucket | None:
    """The bucket for artifacts, made with the others."""
    tracking = work.spec.block(Tracking)
    if tracking is None:
        return None
    return Bucket(
        name=MLFLOW_BUCKET,
        bucket=naming.bucket_name(work.spec, MLFLOW_BUCKET),
        size_gib=as_written(tracking.mlflow.artifacts_gib),
        versioning=True,
        noncurrent_days=ARTIFACT_VERSIONS_DAYS,
        archive_after_days=None,
        expire_after_days=None,
        path=PATH,
    )


def _database(work: Work, said: blocks.Database) -> Database | None:
    path = f"{PATH}.database"
    work.diagnostics += _stands(work, said, path)
    vcpus = work.choose(f"{path}.vcpus", said.vcpus, DEFAULT_NEEDS[0], "runs and metrics of a team")
    memory = work.choose(f"{path}.memory_gib", said.memory_gib, DEFAULT_NEEDS[1], "runs and metrics of a team")
    available = work.choose(
        f"{path}.high_availability", said.high_availability, True, "experiments go on when a zone fails"
    )
    kept = work.kept.value(f"{path}.instance_class")
    classes = _classes(work, vcpus, memory, available, kept)
    if not classes:
        message = f"no database class has {vcpus} vCPUs and {memory} GiB"
        work.diagnostics.append(Diagnostic("GP301", message, hint="ask for less", path=path))
        return None
    taken = next((entry for entry in classes if entry[0] == kept), classes[0])
    rank = "smallest" if taken[1] is None else "lowest price"
    priced_reason = f"{rank} of {len(classes)} classes that fit, {_words(taken[1])}"
    if taken is not classes[0]:
        priced_reason = f"kept from the last render, {_words(taken[1])}; --upgrade takes {classes[0][0]}"
    others = [Alternative(name, "more expensive or larger", usd) for name, usd in classes[:4] if name != taken[0]]
    work.decide(f"{path}.instance_class", taken[0], Origin.CATALOG, CLASS_REASON, others, priced_reason)
    return Database(
        instance_class=taken[0],
        storage_gib=choose_storage(work, said),
        high_availability=available,
        backup_days=work.choose(f"{path}.backup_days", said.backup_days, DEFAULT_BACKUP_DAYS, "two weeks to notice"),
        deletion_protection=work.choose(
            f"{path}.deletion_protection", said.deletion_protection, True, "set false to destroy it"
        ),
        storage_max_gib=said.storage_max_gib,
        password_version=_password_version(work, said),
        existing=said.existing or "",
        recovery_days=said.recovery_days,
        postgres=choose_postgres(work, said),
        options=said.options_of(work.cloud.name),
    )


def _stands(work: Work, said: blocks.Database, path: str) -> Iterator[Diagnostic]:
    """That there is another database already: Terraform imports nothing over what it has, and would rename that."""
    standing = [one for one in work.kept.assets if one.path == path and work.kept.binding]
    for old in standing:
        own = old.name if old.imported else ""
        if own != (said.existing or ""):
            message = f"the database is `{old.name}`, with what is in it, and cannot become another one"
            keep = f"keep `existing: {own}`" if own else "remove `existing`"
            hint = f"{keep}, or render an environment of another name; --forget if it was never applied"
            yield Diagnostic("GP308", message, hint=hint, path=f"{path}.existing" if said.existing else path)


def _password_version(work: Work, said: blocks.Database) -> int | None:
    """The one that is stated; 0, as it is, for a database that is there with its secret."""
    lacks = said.options_of(work.cloud.name).get("lacks", ())
    return 0 if said.existing and said.password_version is None and "secret" not in lacks else said.password_version


def _classes(
    work: Work, vcpus: int, memory_gib: int, available: bool, kept: str | None
) -> list[tuple[str, Decimal | None]]:
    """Names and prices of the classes that fit, the cheapest first; those without a price last, the smallest first.

    A size made to measure that an earlier render chose is one of them for as long as it fits.
    """
    catalog = work.cloud.catalog
    fitting = {candidate.name: candidate for candidate in catalog.databases(vcpus, memory_gib)}
    before = catalog.database(kept) if kept else None
    if before and before.vcpus >= vcpus and before.memory_gib >= memory_gib:
        fitting[before.name] = before
    items = {name: database_item(name, high_availability=available) for name in fitting}
    prices = {
        name: price.usd_expected
        for name, item in items.items()
        if (price := work.cloud.prices.item_price(item, work.spec.cloud.region))
    }

    def rank(candidate: DatabaseClass) -> tuple[bool, Decimal, int, Decimal, str]:
        price = prices.get(candidate.name)
        return price is None, price or Decimal(0), candidate.vcpus, candidate.memory_gib, candidate.name

    return [(candidate.name, prices.get(candidate.name)) for candidate in sorted(fitting.values(), key=rank)]


def _words(usd_per_hour: Decimal | None) -> str:
    return "without a price in this region" if usd_per_hour is None else f"${usd_per_hour.normalize():f} an hour"
