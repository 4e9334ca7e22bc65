"""What the rest of groundplan needs to know about a cloud. A cloud is an instance of this, data files and modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from groundplan.clouds.catalog import Catalog
from groundplan.clouds.prices import PriceBook
from groundplan.render.hcl import Value


@dataclass(frozen=True)
class NameLimit:
    """How long the cloud lets a name be, what the name belongs to, and what else it must look like."""

    what: str
    max_length: int
    pattern: str = r".*"
    hint: str | None = None
    """What to do about a name that the pattern refuses."""


@dataclass(frozen=True)
class Backend:
    """Type and arguments of a Terraform backend block."""

    type: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True)
class Cloud:
    """One cloud: its tables, its limits and its templates.

    `account_pattern` is what an account or project id looks like, `account_hint` the words for it;
    `example_account` is the one that the cloud's own documentation uses and nobody owns.
    `network_pattern` and `subnet_pattern` are what the ids of a network and of a subnet look like.
    `interface_endpoints` are the private endpoints that nodes without a public address need.
    `tag_value_pattern` is what a tag or label value may look like. `providers` are the exact provider versions that
    rendered roots pin, by local name; `kubernetes_providers` names those that only roots on the cluster use,
    `further_providers` those that a root uses when one of its modules does.
    `remote_backend` makes the backend block for a bucket, a key and a region; `topic` is
    the address of a notification topic by region, account and name.
    """

    name: str
    title: str
    account_pattern: str
    account_hint: str
    example_account: str
    example_region: str
    network_pattern: str
    subnet_pattern: str
    name_limits: Mapping[str, NameLimit]
    interface_endpoints: tuple[str, ...]
    tag_value_pattern: str
    tag_value_hint: str
    providers: Mapping[str, str]
    kubernetes_providers: Mapping[str, str]
    further_providers: Mapping[str, str]
    remote_backend: Callable[[str, str, str], Backend]
    topic: Callable[[str, str, str], str]
    templates: Path
    load_catalog: Callable[[], Catalog]
    load_prices: Callable[[], PriceBook]

    @cached_property
    def catalog(self) -> Catalog:
        """Regions, instance types, offers and Kubernetes versions, read once."""
        return self.load_catalog()

    @cached_property
    def prices(self) -> PriceBook:
        """The price book, read once."""
        return self.load_prices()
