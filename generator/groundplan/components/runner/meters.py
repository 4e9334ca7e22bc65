"""What the machines consume: hours, whether a job runs or not, their disks, and the secret with the token."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import Meter
from groundplan.components.ci.runners import PATH
from groundplan.components.runner.component import RUNNERS
from groundplan.components.runner.part import runners_of
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.stack.model import Stack


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """As many machines as wait for jobs, all month: one that ends is followed by the next."""
    runners = runners_of(stack)
    if runners is None:
        return
    hours = Decimal(runners.count * HOURS_PER_MONTH)
    words = f"{runners.count} always on: each waits for a job"
    yield _meter(billing.machine(runners.instance_type, Amount.of(hours, words), "on_demand", hours))
    gib = Decimal(runners.count * runners.disk_gib)
    yield _meter(billing.node_disk(runners.instance_type, Amount.of(gib, f"{runners.disk_gib} GiB for each")))
    yield _meter(billing.secret(Amount.of(1, "one secret, read by every machine that starts")))


def _meter(use: Use) -> Meter:
    return Meter(use, component="runner", kind="fixed", path=PATH, address=RUNNERS.address)
