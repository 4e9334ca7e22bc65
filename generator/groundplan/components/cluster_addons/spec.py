"""The add-ons have no block in the spec; they run on the system pool of every cluster."""

from groundplan.spec.document import Lookup


def system_memory_gib(_: Lookup) -> float:
    """1 GiB of daemon sets, DNS, the autoscaler and the add-ons on either node."""
    return 1
