"""What the keys of `tracking.mlflow` mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document

_MLFLOW = ("tracking", "mlflow")
DEFAULT_STORAGE_GIB = 50


def _address(document: Document) -> Iterator[Diagnostic]:
    """A name and its certificate come together; whoever connects by them is outside the cluster."""
    said, cloud = document.lookup.mapping(*_MLFLOW), document.lookup.value("cloud", "provider")
    has_host = "host" in said
    blocks = [key for key, value in said.items() if isinstance(value, dict) and "certificate" in value]
    has_certificate = cloud in blocks
    hint = f"add `host`, and the certificate for it under `{cloud}.certificate`: passwords cross that connection"
    if said.get("hosting") == "serverless" and not (has_host and has_certificate):
        message = "a serverless tracking server is reached by a name with a certificate"
        yield document.diagnostic("GP208", message, (*_MLFLOW, "hosting"), hint=hint)
    elif has_host and not has_certificate:
        yield document.diagnostic("GP208", "a name needs its certificate", (*_MLFLOW, "host"), hint=hint, on_key=True)
    elif blocks and not has_host:
        message = "a certificate needs the name it is for"
        yield document.diagnostic("GP208", message, (*_MLFLOW, blocks[0]), hint=hint, on_key=True)
    if "client_cidrs" in said and not has_host:
        message = "`client_cidrs` says who may connect by `host`, and there is none"
        yield document.diagnostic("GP208", message, (*_MLFLOW, "client_cidrs"), hint=hint, on_key=True)


def _proxy(document: Document) -> Iterator[Diagnostic]:
    """Only a server without a cluster has a proxy beside it."""
    said = document.lookup.mapping(*_MLFLOW)
    if said.get("hosting") == "serverless":
        return
    for key, value in said.items():
        if isinstance(value, dict) and "proxy_image" in value:
            message = "a proxy stands beside a serverless tracking server only"
            hint = "remove it, or `hosting: serverless`"
            yield document.diagnostic("GP208", message, (*_MLFLOW, key, "proxy_image"), hint=hint, on_key=True)


def _database(document: Document) -> Iterator[Diagnostic]:
    """A disk that grows to less than the cloud takes, and days in which no cloud brings a secret back."""
    said, path = document.lookup.mapping(*_MLFLOW, "database"), (*_MLFLOW, "database")
    size, most = said.get("storage_gib", DEFAULT_STORAGE_GIB), said.get("storage_max_gib")
    days = said.get("recovery_days")
    for found in cannot_grow(size, most) if isinstance(size, int) and isinstance(most, int) else ():
        yield document.diagnostic(found.code, found.message, (*path, "storage_max_gib"), hint=found.hint)
    if isinstance(days, int) and 0 < days < 7:
        message = f"a secret cannot be brought back for {days} days only"
        yield document.diagnostic("GP208", message, (*path, "recovery_days"), hint="say 7 to 30, or 0: not at all")


def cannot_grow(size_gib: int, most_gib: int) -> Iterator[Diagnostic]:
    """GP208 where the disk may grow to less than a tenth above its size: no cloud takes that."""
    if most_gib * 10 < size_gib * 11:
        hint = f"say {-(-size_gib * 11 // 10)} or more, or leave it out: {size_gib * 2}"
        message = f"the disk has {size_gib} GiB already and cannot grow to {most_gib}"
        yield Diagnostic("GP208", message, hint=hint, path="tracking.mlflow.database.storage_max_gib")


RULES = (_address, _proxy, _database)
