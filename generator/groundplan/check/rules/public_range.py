"""GP911: far more than the networks of one organisation may connect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from groundplan import ranges
from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.check.rules.peers import peers
from groundplan.hcl.sources import strip_indexes
from groundplan.ranges import Network

_KEYS = ("public_cidrs", "client_cidrs")


@dataclass(frozen=True, slots=True)
class _List:
    """The ranges that one resource admits in one place, each as it is written and with the instance that does."""

    root: str
    path: str
    ranges: dict[Network, tuple[str, str]]

    def violation(self, message: str, parts: Sequence[Network]) -> Violation:
        """Of one range or several, at the first; allowing each allows them together."""
        inside = (by for one, by in self.ranges.items() if any(ranges.within(one, part) for part in parts))
        text, address = next(inside)
        needs = tuple(f"public-range:{part}" for part in parts)
        return Violation(f"{self.path} admits {message}", self.root, address, keys=_KEYS, value=text, needs=needs)


class PublicRange(Rule):
    """A planned rule admits a public range wider than /16, or of IPv6 than /32, by itself or with its neighbours."""

    code = "GP911"
    remedy = "name narrower ranges, or have the operator allow it: `--allow public-range:RANGE`"
    needs_plan = True
    answers = frozenset({"CKV_AWS_39"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at each range as written, at neighbours as the range they are together, and at how many a list admits.

        The instances of one resource are one list, since a `for_each` over ranges is one too. Everyone is another
        rule's matter.
        """
        for admitted in _lists(subject):
            yield from _wide(admitted)
            yield from _together(admitted)


def _lists(subject: Subject) -> Iterable[_List]:
    lists: dict[tuple[str, str, str], _List] = {}
    for found in peers(subject):
        root, address = found.resource.root, found.resource.address
        admitted = lists.setdefault((root, strip_indexes(address), found.path), _List(root, found.path, {}))
        for text in found.ranges:
            network = ranges.network(text)
            if network is not None and network.prefixlen > 0 and ranges.public(network):
                admitted.ranges.setdefault(network, (text, address))
    return lists.values()


def _wide(admitted: _List) -> Iterator[Violation]:
    for network in admitted.ranges:
        if ranges.wide(network):
            yield admitted.violation(_counted(network), [network])


def _together(admitted: _List) -> Iterator[Violation]:
    narrow = [network for network in admitted.ranges if not ranges.wide(network)]
    joined = list(ranges.merged(narrow))
    for network in joined:
        if ranges.wide(network):
            parts = [one for one in narrow if ranges.within(one, network)]
            yield admitted.violation(f"{_counted(network)}, as {len(parts)} ranges side by side", parts)
    for version, most in ranges.WIDEST_SUM.items():
        alike = [network for network in joined if network.version == version and not ranges.wide(network)]
        if alike and sum(one.num_addresses for one in alike) > 1 << (alike[0].max_prefixlen - most):
            message = f"{len(alike)} ranges with more addresses together than a /{most}"
            yield admitted.violation(message, alike)


def _counted(network: Network) -> str:
    return f"{network}, {network.num_addresses:,} addresses" if network.version == ranges.IPV4 else str(network)
