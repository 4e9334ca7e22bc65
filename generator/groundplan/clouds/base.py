"""What the rest of groundplan needs to know about a cloud. A cloud is an instance of this, data files and modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Billing
from groundplan.hcl.write import Value
from groundplan.prices.book import PriceBook


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
class AddressPlan:
    """How a network's range is divided.

    `arguments` is the plan as the cloud's network module takes it, `private_ranges` where nodes and pods have their
    addresses, `max_nodes` how many nodes these hold.
    """

    arguments: Mapping[str, Value]
    private_ranges: tuple[str, ...]
    max_nodes: int


@dataclass(frozen=True)
class Cloud:
    """One cloud: its tables, its limits and its templates.

    `account_pattern` is what an account or project id looks like, `account_hint` the words for it;
    `example_account` is the one that the cloud's own documentation uses and nobody owns.
    `network_pattern` and `subnet_pattern` are what the ids of a network and of a subnet look like;
    `zonal_subnets` says whether a subnet lies in one zone, so that nodes in several zones need several.
    `plan_addresses` divides the range of a network over zones. `path_separator` stands between an environment's name
    and that of a secret or a repository of it. `spot_types` is how many machine types a spot pool takes,
    `spot_grace_seconds` how long a pod may take to end when its spot node is taken away.
    `tag_value_pattern` is what a tag or label value may look like. `providers` are the exact provider versions that
    rendered roots pin, by local name; `kubernetes_providers` names those that only roots on the cluster use,
    `further_providers` those that a root uses when one of its modules does.
    `remote_backend` makes the backend block for a bucket, a key and a region. `administrators` says in words who
    administers a new cluster. `package` is where the cloud's further modules stand (`extension`). `billing` are its
    rules, `not_billed` items that it does not bill for, with the reason; `preparations` the commands that an
    administrator runs once, before the first apply, for an account and the services whose own identities must exist.
    """

    name: str
    title: str
    account_pattern: str
    account_hint: str
    example_account: str
    example_region: str
    network_pattern: str
    subnet_pattern: str
    zonal_subnets: bool
    plan_addresses: Callable[[str, Sequence[str]], AddressPlan]
    name_limits: Mapping[str, NameLimit]
    path_separator: str
    spot_types: int
    spot_grace_seconds: int
    tag_value_pattern: str
    tag_value_hint: str
    providers: Mapping[str, str]
    kubernetes_providers: Mapping[str, str]
    further_providers: Mapping[str, str]
    remote_backend: Callable[[str, str, str], Backend]
    administrators: str
    templates: Path
    load_catalog: Callable[[], Catalog]
    load_prices: Callable[[], PriceBook]
    package: str
    billing: Billing = field(default_factory=Billing)
    not_billed: Mapping[str, str] = field(default_factory=dict)
    preparations: Callable[[str, Sequence[str]], Sequence[str]] = lambda _, __: ()

    def extension(self, name: str) -> ModuleType | None:
        """The module of that name beside the cloud's own, imported when it is asked for; None where there is none.

        `preflight` holds `PREFLIGHT`, `refresh` holds `refresh`, `planned` holds `PLANNED`, and `components` of a
        cloud from elsewhere holds `PARTS`.
        """
        module = f"{self.package}.{name}"
        return import_module(module) if find_spec(module) else None

    @cached_property
    def catalog(self) -> Catalog:
        """Regions, instance types, offers and Kubernetes versions, read once."""
        return self.load_catalog()

    @cached_property
    def prices(self) -> PriceBook:
        """The price book, read once."""
        return self.load_prices()
