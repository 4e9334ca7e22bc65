"""What the rest of groundplan needs to know about a cloud. A cloud is an instance of this, data files and modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from groundplan.clouds.billing import Billing
from groundplan.clouds.nodes import NodeSize, Room
from groundplan.hcl.write import Value
from groundplan.prices.book import PriceBook

if TYPE_CHECKING:
    from groundplan.catalog.catalog import Catalog


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
class StateFile:
    """Where in a bucket one root keeps its state; `region` is the bucket's.

    `kms_key` is the key that a write names; None where the bucket's default encrypts.
    """

    bucket: str
    path: str
    region: str
    kms_key: str | None = None


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
class Account:
    """What an account or project id looks like, in words too; `example` is the one that the cloud's own documentation
    uses and nobody owns."""

    pattern: str
    hint: str
    example: str


@dataclass(frozen=True)
class NetworkRules:
    """What ids of networks and subnets look like, and how a network's range is divided over zones.

    `zonal_subnets` says whether a subnet lies in one zone, so that nodes in several zones need several. `zones_fixed`
    says why a network with a cluster in it keeps its zones; empty where zones may come and go.
    """

    id_pattern: str
    subnet_pattern: str
    zonal_subnets: bool
    plan_addresses: Callable[[str, Sequence[str]], AddressPlan]
    zones_fixed: str = ""


@dataclass(frozen=True)
class NameRules:
    """Limits of names by what they belong to, and what the value of a tag or label may look like.

    `path_separator` stands between an environment's name and that of a secret or a repository of it.
    """

    limits: Mapping[str, NameLimit]
    path_separator: str
    tag_pattern: str
    tag_hint: str


@dataclass(frozen=True)
class SpotRules:
    """How many machine types a spot pool takes, and how long a pod may take to end when its node is taken away."""

    types: int
    grace_seconds: int


@dataclass(frozen=True)
class TerraformSetup:
    """How rendered roots reach the cloud.

    `providers` are the exact provider versions that roots pin, by local name; `kubernetes_providers` those that only
    roots on the cluster use, `further_providers` those that a root uses when one of its modules does.
    `remote_backend` makes the backend block for a state in a bucket; `templates` hold the provider blocks.
    `administrators` says in words who administers a new cluster, `login` how providers log in to it and what that takes
    where Terraform runs; `preparations` are the commands that an administrator
    runs once, before the first apply, for an account.
    """

    providers: Mapping[str, str]
    kubernetes_providers: Mapping[str, str]
    further_providers: Mapping[str, str]
    remote_backend: Callable[[StateFile], Backend]
    templates: Path
    administrators: str
    login: str
    configured_alike: tuple[str, ...] = ()
    """Further providers that take the settings of the cloud's own."""
    preparations: Callable[[str], Sequence[str]] = lambda _: ()


@dataclass(frozen=True)
class Cloud:
    """One cloud: its tables, its rules and its templates.

    `package` is where the cloud's further modules stand (`extension`). `allocatable` says what a node offers to pods,
    and `gpu_parts` into how many parts a profile cuts a GPU, by model. `billing` are its rules, `not_billed` items that
    it does not bill for, with the reason. `extended_support` is the setting of `cluster.<cloud>` under which a version
    stays past standard support, where the cloud upgrades it otherwise; `major_upgrade` the one of a database
    under which a raised major version upgrades it, where the cloud refuses otherwise.
    """

    name: str
    title: str
    package: str
    account: Account
    example_region: str
    network: NetworkRules
    names: NameRules
    spot: SpotRules
    terraform: TerraformSetup
    load_catalog: Callable[[], Catalog]
    load_prices: Callable[[], PriceBook]
    allocatable: Callable[[NodeSize], Room]
    extended_support: Mapping[str, str] = field(default_factory=dict)
    major_upgrade: Mapping[str, Value] = field(default_factory=dict)
    gpu_parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    billing: Billing = field(default_factory=Billing)
    not_billed: Mapping[str, str] = field(default_factory=dict)

    def extension(self, name: str) -> ModuleType | None:
        """The module of that name beside the cloud's own, imported when it is asked for; None where there is none.

        `preflight` holds `PREFLIGHT`, `planned` holds `PLANNED`, `versions` holds `VERSIONS`; `refresh` holds
        `questions`, `explain` and, where there are further services, `has`; `components` of a cloud from elsewhere
        holds `PARTS`.
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
