"""What a component is: module calls, what those consume, and what each cloud adds to both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Generic, Literal, TypeVar, cast

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Billing, Use
from groundplan.clouds.support import VersionInUse
from groundplan.components.object_store.part import Bucket
from groundplan.components.proposal import Proposal
from groundplan.diagnostics import Diagnostic
from groundplan.hcl.references import Ref
from groundplan.hcl.write import Value
from groundplan.spec import declared
from groundplan.spec.model import Spec
from groundplan.stack.assets import Asset
from groundplan.stack.model import Need, Part, Stack
from groundplan.stack.work import Work

POOL_LABEL = "groundplan/pool"
"""The label by which a node pool module names its nodes; workloads select a pool by it."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a root."""

    name: str
    value: Value
    description: str


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One `module` block: its name, the module below `modules/`, its arguments, and the spec path that caused it."""

    component: str
    name: str
    source: str
    layer: str
    arguments: Mapping[str, Value]
    path: str
    comment: str = ""
    depends_on: tuple[Ref, ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def address(self) -> str:
        """The Terraform address that everything in this call starts with."""
        return Ref(self.name).address


MeterKind = Literal["fixed", "training", "serving", "usage"]
"""`fixed` is due every month whatever runs; `usage` grows with use; pools are `training` or `serving`."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What of an environment uses something, and when that is due. `address` is the module call or the resource."""

    use: Use
    component: str
    kind: MeterKind
    path: str
    address: str


Arguments = Mapping[str, Value]
"""Arguments of a module call by name."""

Aspects = Mapping[str, str]
"""What a cloud gives in one component: a few words for each aspect, such as `way out`. Every cloud that says anything
about a component says it about the same aspects, so that like stands beside like."""

Effect = Literal["none", "part", "otherwise"]
"""What becomes of a setting: nothing, some of it, or the same end by other means."""


@dataclass(frozen=True, slots=True)
class Note:
    """A setting that holds otherwise on a cloud than its words suggest, and where in the spec it is."""

    effect: Effect
    words: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Protection:
    """Something that cannot be destroyed while the setting at `path` is true; `what` begins a sentence."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Things that the cloud refuses to delete as long as anything is in them: `buckets`, `of all versions`."""

    things: str
    empty: str


@dataclass(frozen=True, slots=True)
class Holding:
    """An asset, and which resources of its module are its own: without `each` and `once` all that the call makes."""

    asset: Asset
    each: str = ""
    """The variable or local value of the module for each element of which its resources are made."""
    once: str = ""
    """What the types of its resources begin with, of those that the module makes once."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An id that the cloud gives: an attribute of what a data source finds by one argument."""

    type: str
    argument: str
    value: str
    attribute: str


class CloudPart:
    """What one cloud adds to one component: `components/<name>/<cloud>.py` holds it as `PART`.

    This class adds nothing. A component that asks its cloud more than this has a subclass with its questions.
    """

    built_in: str = ""
    """What the cloud has instead, where it needs no module for the component."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Arguments that a module of the component takes on this cloud only; none that the component gives itself."""
        return {}

    def everywhere(self, stack: Stack) -> Arguments:
        """Arguments of every module, of whatever component, that declares them."""
        return {}

    def needs(self, stack: Stack) -> Iterable[Need]:
        """What the component needs of others on this cloud only."""
        return ()

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """What only this cloud bills for."""
        return ()

    def versions(self, stack: Stack, catalog: Catalog) -> Iterable[VersionInUse]:
        """Versions that the component runs, of which the cloud ends the support one day."""
        return ()

    def gives(self, stack: Stack) -> Aspects:
        """What the component is on this cloud, for the parity report."""
        return {}

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Settings of the stack that hold otherwise on this cloud."""
        return ()

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """APIs of the cloud that the component's part of a root calls."""
        return ()

    def template_values(self, stack: Stack) -> Arguments:
        """Values for the cloud's own templates."""
        return {}

    def upkeep(self, stack: Stack) -> Iterable[str]:
        """How it is kept up to date, one sentence each, for the environment's README."""
        return ()

    def cautions(self, stack: Stack) -> Iterable[str]:
        """What an operator has to know about the environment's end and its neighbours."""
        return ()

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """Commands that delete one of the component's assets for good; none for those of others."""
        return ()

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """Ids to import what cannot be made again under its name, by type; none where that takes more than ids."""
        return {}

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """Ids to import what the spec says is there, with all that belongs to it: by type, or by address in the call
        where the asset has no resources of its own. None for the assets of others."""
        return self.imports(asset, stack)


Part_co = TypeVar("Part_co", bound=CloudPart, covariant=True)


class Component(ABC, Generic[Part_co]):
    """One part of an environment."""

    name: str
    """Name in reports, such as `node_pool`."""
    anywhere: Part_co
    """What a cloud without a part of its own gets."""
    reads: tuple[str, ...] = ()
    """Components whose parts `resolve` reads."""
    reserved_buckets: tuple[str, ...] = ()
    """Names that a bucket of the spec cannot have, because the component makes one."""
    precedes: bool = False
    """Whether everything else in a root waits for what the component makes there."""

    @property
    def package(self) -> str:
        """The package that holds all of the component."""
        return type(self).__module__.rpartition(".")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys at the top of the spec that the component decides about; none for one that only serves others."""
        return tuple(key.name for key in declared.keys_of(self.package))

    def on(self, cloud: Cloud) -> Part_co:
        """What the cloud adds to the component."""
        return cast(
            Part_co, _part(f"{self.package}.{cloud.name}") or _further_parts(cloud).get(self.name, self.anywhere)
        )

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks of the component, decided; None when it asks nothing. Problems go to the diagnostics."""
        return None

    def needs(self, stack: Stack) -> Iterable[Need]:
        """What the component needs of others, as `needs.py` beside it says."""
        return _function(f"{self.package}.needs", "needs")(stack)

    def buckets(self, work: Work) -> Iterable[Bucket]:
        """Buckets that the component needs beside those of the spec."""
        return ()

    @abstractmethod
    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """The module calls this stack needs of the component; none when the stack has no use for it."""

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """What the calls make that has a name in the cloud and must outlive a change of the spec."""
        return ()

    def useless(self, stack: Stack) -> Iterable[Diagnostic]:
        """Settings of the spec that nothing needs, which is known when everything is decided."""
        return ()

    def protections(self, stack: Stack) -> Iterable[Protection]:
        """What is protected against a destroy."""
        return ()

    def contents(self, stack: Stack) -> Iterable[Contents]:
        """What must be empty before a destroy."""
        return ()

    def meters(self, stack: Stack, billing: Billing) -> Iterable[Meter]:
        """What those calls consume on every cloud, by the cloud's rules: as `meters.py` beside the component says."""
        return _function(f"{self.package}.meters", "meters")(stack, billing)

    def proposals(self, spec: Spec, stack: Stack, cloud: Cloud) -> Iterable[Proposal]:
        """Changes to the spec that may cost less, as `proposals.py` beside the component says."""
        return _function(f"{self.package}.proposals", "proposals")(spec, stack, cloud)

    def consumption(self, stack: Stack, cloud: Cloud) -> list[Meter]:
        """What the component consumes on this cloud, as it is billed there; nothing where the cloud has it built in."""
        part = self.on(cloud)
        if part.built_in:
            return []
        counted = (*self.meters(stack, cloud.billing), *part.meters(stack))
        return [meter for meter in counted if meter.use.item not in cloud.not_billed]


AnyComponent = Component[CloudPart]
"""A component, whatever it asks of its cloud."""


@cache
def _part(module: str) -> CloudPart | None:
    """The part in a module, None where there is no such module."""
    if find_spec(module) is None:
        return None
    part: CloudPart = import_module(module).PART
    return part


@cache
def _function(module: str, name: str) -> Callable[..., Iterable[Any]]:
    """The function in a module, one that finds nothing where there is no such module."""
    if find_spec(module) is None:
        return lambda *_: ()
    found: Callable[..., Iterable[Any]] = getattr(import_module(module), name)
    return found


def _further_parts(cloud: Cloud) -> Mapping[str, CloudPart]:
    """Parts that a cloud from elsewhere brings along, by component."""
    module = cloud.extension("components")
    parts: Mapping[str, CloudPart] = module.PARTS if module else {}
    return parts
