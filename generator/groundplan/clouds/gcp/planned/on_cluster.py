"""What GKE makes for things of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.clouds.quantity import claimed_gib, disk_of_class

INGRESS_CLASSES = ("gce", "gce-internal")
"""For an Ingress of these classes GKE makes a load balancer:
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ingress."""
DISKS = {"standard": "pd-standard", "standard-rwo": "pd-balanced", "premium-rwo": "pd-ssd"}
"""Disks of the classes that every cluster has:
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#storageclasses."""
DEFAULT_DISK = "pd-balanced"


def _ingress(r: Planned, _: Catalog) -> Iterable[Use]:
    """The front of the load balancer that GKE makes for an Ingress of its classes."""
    if r.text("metadata", "annotations", "kubernetes.io/ingress.class") in INGRESS_CLASSES:
        words = "the load balancer of an Ingress, around the clock"
        yield from BILLING.forwarding_rule(words, used("traffic through it"))


def _service(r: Planned, _: Catalog) -> Iterable[Use]:
    """The front of a passthrough load balancer, internal or not:
    https://docs.cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer."""
    if r.text("spec", "type") == "LoadBalancer":
        words = "the load balancer of a Service, around the clock"
        yield from BILLING.forwarding_rule(words, used("traffic through it"))


def _claim(r: Planned, _: Catalog) -> Iterable[Use]:
    gib, kind = claimed_gib(r), disk_of_class(r, DISKS, DEFAULT_DISK)
    if gib is None or kind not in DISKS.values():
        yield unstated("disk.general", "gib_month", "what its storage class makes is not in the plan")
    else:
        yield BILLING.disk(kind, Amount.of(gib, f"{gib:f} GiB of {kind} for a claim"))


ON_CLUSTER = {
    f"kubernetes_{name}{ending}": rule
    for name, rule in (("ingress", _ingress), ("persistent_volume_claim", _claim), ("service", _service))
    for ending in ("", "_v1")
}
