"""GP902: anybody on the internet may connect."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan import ranges
from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.check.rules.peers import Peers, peers
from groundplan.diagnostics import Severity

_KEYS = ("public_cidrs", "private_cidrs", "client_cidrs")


class OpenIngress(Rule):
    """A planned rule admits every address."""

    code = "GP902"
    remedy = "name the networks that need it, or reach it through a VPN, a bastion or a load balancer"
    needs_plan = True

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at resolved values, so variables, functions, spellings and ranges that add up hide nothing.

        What the plan does not show is not taken as safe: it must be allowed, or come from a module of a rendered
        environment, where it is a warning.
        """
        for found in peers(subject):
            yield from _everyone(found)
            if found.unjudged:
                root, address = found.resource.root, found.resource.address
                message = f"{found.path} {found.unjudged}"
                needs = (f"unknown-range:{address}",)
                yield Violation(message, root, address, chosen=Severity.WARNING, keys=_KEYS, needs=needs)


def _everyone(found: Peers) -> Iterator[Violation]:
    resource, networks = found.resource, {text: ranges.network(text) for text in found.ranges}
    for text in sorted(text for text, network in networks.items() if network is None):
        yield Violation(f"{found.path} has {text!r}, which is no range", resource.root, resource.address, keys=_KEYS)
    whole = [network for network in ranges.merged(n for n in networks.values() if n) if network.prefixlen == 0]
    for network in whole:
        parts = sorted(text for text, one in networks.items() if one and one.version == network.version)
        named = parts[0] if len(parts) == 1 or parts[0] == str(network) else f"{network}, in parts"
        yield Violation(f"{found.path} admits {named}", resource.root, resource.address, keys=_KEYS, value=parts[0])
