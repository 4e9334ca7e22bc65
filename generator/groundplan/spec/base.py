"""What the blocks of a spec are made of: their common rules, shared types, and the keys that bring them to the top."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Interface, IPv4Network
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

NAME_PATTERN = r"^[a-z]([a-z0-9-]*[a-z0-9])?$"
"""Lower-case letters, digits and hyphens, first a letter, last no hyphen: valid in DNS, Kubernetes, AWS and GCP."""

LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$"
"""No control characters, and none that hide text or turn its direction (https://trojansource.codes)."""

EMAIL_PATTERN = r"^[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$"

BUCKET_PATTERN = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
"""Names of buckets as both clouds take them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html."""

DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

AT_PATTERN = r"^[A-Za-z0-9_-]+([.\[][^\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*)?$"
"""A path of the spec, or an address of Terraform."""

PATTERNS = {
    NAME_PATTERN: "use lower-case letters, digits and hyphens, a letter first and no hyphen last",
    LINE_PATTERN: "use one line without control characters",
    EMAIL_PATTERN: "write one address such as ml-oncall@example.com",
    BUCKET_PATTERN: "use 3 to 63 lower-case letters, digits, dots and hyphens",
    DAY_PATTERN: 'write a day in quotes, such as "2026-12-31"',
    AT_PATTERN: "write a path of the spec such as storage.buckets.scratch, or an address of Terraform",
}
"""Every pattern of this module with what to write instead of text that does not match it; components have theirs."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=32)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN, max_length=254)]
BucketName = Annotated[str, StringConstraints(pattern=BUCKET_PATTERN)]
Line = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=256)]

At = Annotated[str, StringConstraints(pattern=AT_PATTERN, max_length=300)]

PRIVATE_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""RFC 1918."""


def _cidr(value: str) -> str:
    """The range as given; a `ValueError` says `what is wrong; what to do`."""
    try:
        interface = IPv4Interface(value)
    except ValueError:
        raise ValueError(f"cannot be `{value[:60]}`; write an IPv4 range such as 10.20.0.0/16") from None
    if "/" not in value:
        raise ValueError(f"holds one address, {value}; add the size of the range, such as {value}/32")
    if interface.ip != interface.network.network_address:
        raise ValueError(f"holds an address inside a range, {value}; write the range, {interface.network}")
    return str(interface.network)


def _private_cidr(value: str) -> str:
    network = IPv4Network(value)
    if not any(network.subnet_of(private) for private in PRIVATE_RANGES):
        raise ValueError(f"cannot be {value}; use a range inside {', '.join(map(str, PRIVATE_RANGES))}")
    return value


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"cannot be `{value}`; write a day that there is") from None
    return value


Cidr = Annotated[str, AfterValidator(_cidr)]
Day = Annotated[str, StringConstraints(pattern=DAY_PATTERN), AfterValidator(_day)]
PrivateCidr = Annotated[Cidr, AfterValidator(_private_cidr)]


class Model(BaseModel):
    """Common rules: unknown keys are errors, nothing is coerced, instances do not change."""

    only_on: ClassVar[str | None] = None
    """The cloud that this block is for, which is also its key; None for what is said in neutral words."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, defer_build=True)

    def block_of(self, cloud: str) -> Any:
        """The block of settings that only `cloud` has; None when there is none."""
        return getattr(self, cloud, None)

    def options_of(self, cloud: str) -> dict[str, Any]:
        """What the block of `cloud` sets, by the names of the module's arguments."""
        block = self.block_of(cloud)
        return block.model_dump(exclude_defaults=True) if block else {}


@dataclass(frozen=True, slots=True)
class Key:
    """A key at the top of the spec, with the block that stands under it."""

    name: str
    block: type[Model]
    meaning: str
    """What it means, in the schema and the reference."""
    always: bool = False
    """Whether the block is there with its defaults when the spec does not say it."""
    asks: bool = False
    """Whether a spec with it asks for something; one without any such key does not."""
