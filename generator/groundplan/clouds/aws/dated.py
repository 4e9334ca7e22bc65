"""What AWS supports of what checkov keeps lists of. EKS' own versions are those of the catalog."""

from __future__ import annotations

from importlib.resources import files

from groundplan.clouds.aws import load_catalog
from groundplan.clouds.dated import Dated, read_dated

_VERSIONS = tuple(
    Dated(
        "CKV_AWS_339",
        ("version",),
        row.version,
        row.extended_until,
        f"EKS' support of Kubernetes {row.version}",
        row.source,
        row.as_of,
    )
    for row in load_catalog().kubernetes_versions
)
DATED = (*_VERSIONS, *read_dated(files("groundplan.clouds.aws") / "dated_values.csv"))
