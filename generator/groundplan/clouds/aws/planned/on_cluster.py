"""What controllers of a cluster make in AWS for things of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.clouds.quantity import claimed_gib, disk_of_class

INGRESS_CLASS = "alb"
"""For an Ingress of this class the AWS Load Balancer Controller makes an Application Load Balancer:
https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html."""
SERVICE_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"
NETWORK_TYPES = ("nlb", "nlb-ip", "external")
NETWORK_CLASSES = ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")
"""Services with one of these have a Network Load Balancer, others a Classic one:
https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html."""
DISKS = {kind: kind for kind in ("gp2", "gp3", "sc1", "st1")}
"""Kinds that are billed by their size alone, and the names of classes of them."""
CLASS_UNKNOWN = "what its storage class makes is not in the plan"


def _ingress(r: Planned, _: Catalog) -> Iterable[Use]:
    named = r.text("metadata", "annotations", "kubernetes.io/ingress.class")
    if INGRESS_CLASS in (r.text("spec", "ingress_class_name"), named):
        words = "the load balancer of an Ingress, around the clock"
        yield from BILLING.load_balancer("application", words, used("capacity units grow with traffic"))


def _service(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("spec", "type") != "LoadBalancer":
        return
    words = "the load balancer of a Service, around the clock"
    asked = r.text("metadata", "annotations", SERVICE_TYPE)
    if asked in NETWORK_TYPES or r.text("spec", "load_balancer_class") in NETWORK_CLASSES:
        yield from BILLING.load_balancer("network", words, used("capacity units grow with traffic"))
        return
    yield use("load_balancer.classic", "hour", Amount.around_the_clock(words))
    yield use("load_balancer.classic_data", "gib", used("traffic through it"))


def _claim(r: Planned, _: Catalog) -> Iterable[Use]:
    """A volume of the size that is asked for; of a class that the plan does not have, what it is cannot be told."""
    gib, kind = claimed_gib(r), disk_of_class(r, DISKS, "")
    if gib is None or kind not in DISKS.values():
        yield unstated("disk.general", "gib_month", CLASS_UNKNOWN)
    else:
        yield BILLING.disk(kind, Amount.of(gib, f"{gib:f} GiB of {kind} for a claim"))


ON_CLUSTER = {
    f"kubernetes_{name}{ending}": rule
    for name, rule in (("ingress", _ingress), ("persistent_volume_claim", _claim), ("service", _service))
    for ending in ("", "_v1")
}
