"""Names of what is in the cloud already: a name alone, and what is written in its place by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

EXISTING = "existing"
"""Key that names what is there already."""

_FORMS: Mapping[str, tuple[str, ...]] = {
    "bucket": (
        r"arn:aws[a-z-]*:s3:::(?P<name>[^/]+)",
        r"(s3|gs)://(?P<name>[^/]+)/?",
        r"(//storage\.googleapis\.com/)?projects/[^/]+/buckets/(?P<name>[^/]+)",
    ),
    "repository": (
        r"arn:aws[a-z-]*:ecr:[^:]*:[0-9]*:repository/(?P<name>.+)",
        r"[0-9]+\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/(?P<name>.+)",
        r"projects/[^/]+/locations/[^/]+/repositories/(?P<name>[^/]+)",
        r"[a-z0-9-]+-docker\.pkg\.dev/[^/]+/(?P<name>[^/]+)(/.*)?",
    ),
    "key": (
        r"arn:aws[a-z-]*:kms:.*",
        r"(?P<name>projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)(/.*)?",
        r"alias/.+",
    ),
    "database": (
        r"arn:aws[a-z-]*:rds:[^:]*:[0-9]*:db:(?P<name>.+)",
        r"projects/[^/]+/instances/(?P<name>[^/]+)",
        r"[a-z0-9:.-]+:[a-z]+-[a-z]+[0-9]+:(?P<name>[a-z0-9-]+)",
        r"(?P<name>[a-z0-9-]+)\.[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(:[0-9]+)?",
    ),
    "network": (
        r"arn:aws[a-z-]*:ec2:[^:]*:[0-9]*:vpc/(?P<name>vpc-[0-9a-f]+)",
        r"vpc-[0-9a-f]+",
        r"projects/[^/]+/global/networks/[^/]+",
    ),
}
"""How the clouds and their tools write each kind in full; `name` is what of it a spec takes."""


def name_of(kind: str) -> Callable[[object], object]:
    """A validator that asks for the name where an address, an ARN or something of another kind is written."""

    def checked(value: object) -> object:
        for other, forms in _FORMS.items() if isinstance(value, str) else ():
            for form in forms:
                if found := re.fullmatch(form, str(value)[:400]):
                    raise ValueError(_words(kind, other, found.groupdict().get("name")))
        return value

    return checked


def _words(kind: str, other: str, name: str | None) -> str:
    if other != kind:
        return f"is that of a {other}; write the name of a {kind}"
    return f"has more than the name in it; write the name alone, {name}" if name else f"is no name; name the {kind}"
