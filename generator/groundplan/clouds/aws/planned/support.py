"""Whether a version of a database engine is billed as one in extended support, and in which of its years."""

from __future__ import annotations

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import EngineSupport, major


def engine_support(engine: str, version: str, catalog: Catalog) -> EngineSupport:
    """What is billed for a version such as `13.22`; one older than all of the table's is in its last year."""
    engine = "aurora-mysql" if engine == "aurora" else engine
    row = major(catalog.engine_versions, engine, version)
    if row is None and _is_older(engine, version, catalog):
        row = next(known for known in catalog.engine_versions if known.engine == engine)
    return row.support(row.as_of) if row is not None else "standard"


def _is_older(engine: str, version: str, catalog: Catalog) -> bool:
    oldest = next((known.version for known in catalog.engine_versions if known.engine == engine), None)
    head = version.partition(".")[0]
    return oldest is not None and head.isascii() and head.isdigit() and int(head[:9]) < oldest[0]
