"""The resources of a Terraform plan: each with its module, its provider, and what its arguments refer to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from groundplan.clouds.planned import NO_PROVIDER, ExcessError, Planned, PlanPrices, Provider
from groundplan.cost.plan.configuration import Calls, Configuration, Step, get, heads, steps
from groundplan.cost.plan.found import Found, after_unknown, calls_of, last_call, managed, marked
from groundplan.cost.plan.providers import Providers
from groundplan.cost.plan.usage import UsageFile
from groundplan.quantities import Band

MOST_HOPS = 50
"""Variables and outputs that a reference goes through, all branches together."""
MOST_INSTANCES = 300
"""Of a resource, that one reference is to: more than any list of addresses may have."""
MOST_TARGETS = 200_000
"""Instances that references to all of several are to, in the whole plan."""
NAMES = ("id", "name", "arn", "self_link", "self_link_unique")
"""Attributes by which arguments name a resource."""
T = TypeVar("T")
OwnerOf = Callable[[str], PlanPrices | None]


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a reference stands: the instance of a module, and the index of what refers there."""

    module: str
    index: str
    every: bool = False
    """Whether a reference to several instances is to all of them."""

    @property
    def calls(self) -> Calls:
        """The calls that lead to the module."""
        return calls_of(self.module)

    @property
    def above(self) -> _Scope:
        """Where the module is called; the index is that of its instance."""
        parent, _, call = last_call(self.module)
        return _Scope(parent, call[call.index("[") :] if "[" in call else "", self.every)


class PlanResources:
    """The managed resources of a plan in its order. `owner_of` finds the cloud of a type, `region` is for those of
    which the plan says none.

    Raises AttributeError, KeyError, TypeError or ValueError when the plan is not of the form that Terraform writes.
    """

    def __init__(
        self,
        plan: Mapping[str, Any],
        owner_of: OwnerOf,
        region: Callable[[PlanPrices], str] = lambda _: "",
        usage: UsageFile | None = None,
    ) -> None:
        found = list(managed(plan["planned_values"].get("root_module", {}), 0))
        self.configuration = Configuration(plan)
        self.providers = Providers(plan, self.configuration)
        self._plan = plan
        self._usage = usage or UsageFile(None, {})
        self._found = {one.address: one for one in found}
        self._order = found
        self._owner_of, self._region = owner_of, region
        self.without_region = 0
        """Resources that are in the region which was given for those without."""
        self.all = tuple(self._planned(one) for one in found)
        self._named: dict[str, dict[str, Planned | None]] = {}
        self._referring: dict[tuple[str, tuple[str, ...], bool], dict[str, list[Planned]]] = {}
        self._targets_left = MOST_TARGETS
        self._alike: dict[tuple[str, ...], list[Planned]] = {}
        self._groups: dict[tuple[tuple[str, ...], Callable[[Planned], Hashable]], dict[Hashable, list[Planned]]] = {}
        self._naming: dict[tuple[str, tuple[str, ...]], dict[str, list[Planned]]] = {}

    @property
    def variables(self) -> Mapping[str, Any]:
        """Variables of the root module with their values, defaults included."""
        return self.configuration.variables

    def on_cluster(self, resource: Planned, cloud: PlanPrices) -> Planned:
        """What Kubernetes makes in the cloud, where the cloud's provider is in the root module."""
        return replace(resource, region=self.providers.default(cloud).region or self._given(cloud))

    def referred(self, resource: Planned, path: tuple[str, ...], of: str) -> Planned | None:
        """The resource that the argument at `path` refers to: of several instances the one with the same index, or
        none. With `of`, also the one that the argument names, or the only one behind a local value."""
        own = self._found[resource.address]
        every = [one for one in self._targets(own, path) if not of or one.type == of]
        if every:
            return every[0]
        return (self._by_name(own, path, of) or self._only(own, path, of)) if of else None

    def referring(
        self, resource: Planned, type_: str, path: tuple[str, ...], *, every: bool = False
    ) -> Sequence[Planned]:
        """Resources of the type whose argument at `path` refers to the resource, or names it; with `every`, a
        reference to several instances is one to each of them.

        Raises ExcessError when those of the whole plan are to more than any plan has.
        """
        key = (type_, path, every)
        if key not in self._referring:
            by_target: dict[str, list[Planned]] = {}
            for one in self._types.get(type_, ()):
                targets = self._targets(self._found[one.address], path, every=every)
                targets = self._counted(targets) if every else targets
                for target in dict.fromkeys(target.address for target in targets):
                    by_target.setdefault(target, []).append(one)
            self._referring[key] = by_target
        found = self._referring[key].get(resource.address)
        return found if found is not None else self._which_name(resource, type_, path)

    def alike(self, types: tuple[str, ...]) -> Sequence[Planned]:
        """All resources of the types, in the order of the plan."""
        if types not in self._alike:
            self._alike[types] = [one for one in self.all if one.type in types]
        return self._alike[types]

    def among(self, resource: Planned, types: tuple[str, ...], key: Callable[[Planned], Hashable]) -> Sequence[Planned]:
        """Resources of the types with the same key as the resource, in the order of the plan."""
        if (types, key) not in self._groups:
            groups: dict[Hashable, list[Planned]] = {}
            for one in self.alike(types):
                groups.setdefault(key(one), []).append(one)
            self._groups[types, key] = groups
        return self._groups[types, key].get(key(resource), ())

    def unknown(self, resource: Planned, path: tuple[str, ...]) -> bool:
        """Whether the configuration sets the attribute to a value that is known only after apply.

        Most of what a plan marks so is a default of the provider's, which the configuration does not mention.
        """
        unknown = self.after_apply(resource)
        if path[0] not in unknown or not marked(unknown, path):
            return False
        own = self._found[resource.address]
        return not self.configuration.settled(calls_of(own.module), own.name, path)

    def after_apply(self, resource: Planned) -> Mapping[str, Any]:
        """Attributes of the resource that are, or hold what is, known only after apply."""
        found = self._unknown.get(resource.address)
        return found if isinstance(found, dict) else {}

    def usage(self, resource: Planned, key: str) -> Band | None:
        """What the usage file says of the resource."""
        return self._usage.of(resource, key)

    def _planned(self, one: Found) -> Planned:
        cloud = self._owner_of(one.type)
        if cloud is None:
            return Planned(one.address, one.type, "", one.values, self, NO_PROVIDER)
        calls = calls_of(one.module)
        block = self.configuration.resource(calls, one.name)
        provider: Provider = self.providers.of(calls, block, one.provider, cloud)
        region = cloud.region_of(one.values) or provider.region or self._given(cloud)
        return Planned(one.address, one.type, region, one.values, self, provider)

    def _given(self, cloud: PlanPrices) -> str:
        region = self._region(cloud)
        self.without_region += bool(region)
        return region

    @cached_property
    def _unknown(self) -> Mapping[str, Any]:
        return after_unknown(self._plan)

    @cached_property
    def _instances(self) -> Mapping[tuple[str, str], Mapping[str, Planned]]:
        """Resources by module, name and index."""
        made: dict[tuple[str, str], dict[str, Planned]] = {}
        for one, planned in zip(self._order, self.all, strict=True):
            made.setdefault((one.module, one.name), {})[one.index] = planned
        return made

    @cached_property
    def _types(self) -> Mapping[str, Sequence[Planned]]:
        made: dict[str, list[Planned]] = {}
        for one in self.all:
            made.setdefault(one.type, []).append(one)
        return made

    @cached_property
    def _beside(self) -> Mapping[tuple[str, str], Sequence[Planned]]:
        """Resources by module and type."""
        made: dict[tuple[str, str], list[Planned]] = {}
        for one, planned in zip(self._order, self.all, strict=True):
            made.setdefault((one.module, one.type), []).append(planned)
        return made

    @cached_property
    def _modules(self) -> Mapping[str, Mapping[str, str]]:
        """Instances of modules, and of those that they are in, by their address without the last index, and it."""
        made: dict[str, dict[str, str]] = {}
        for called in dict.fromkeys(one.module for one in self._order):
            module = called
            while module:
                parent, bare, _ = last_call(module)
                index = module.removeprefix(bare)
                if index in made.setdefault(bare, {}):
                    break
                made[bare][index] = module
                module = parent
        return made

    def _targets(self, own: Found, path: tuple[str, ...], *, every: bool = False) -> Iterator[Planned]:
        scope = _Scope(own.module, own.index, every)
        block = self.configuration.resource(scope.calls, own.name)
        return self._resolved(scope, block, get(block.get("expressions"), *path), [MOST_HOPS])

    def _counted(self, targets: Iterable[Planned]) -> Iterator[Planned]:
        for target in targets:
            self._targets_left -= 1
            if self._targets_left < 0:
                raise ExcessError(f"references are to more than {MOST_TARGETS:,} instances")
            yield target

    def _resolved(self, scope: _Scope, block: Mapping[str, Any], expression: Any, hops: list[int]) -> Iterator[Planned]:
        """What the references of an expression in the block lead to; `hops` counts down what may still be followed."""
        for reference in heads(expression):
            hops[0] -= 1
            if hops[0] < 0:
                return
            yield from self._followed(scope, block, steps(reference), hops)

    def _followed(
        self, scope: _Scope, block: Mapping[str, Any], path: Sequence[Step], hops: list[int]
    ) -> Iterator[Planned]:
        match path:
            case (Step("var"), variable, *_) if scope.module:
                call = self.configuration.call(scope.calls)
                yield from self._resolved(scope.above, call, get(call, "expressions", variable.name), hops)
            case (Step("module"), called, output, *_):
                bare = f"{scope.module}.module.{called.name}" if scope.module else f"module.{called.name}"
                for module in _selected(self._modules.get(bare, {}), called.index, scope):
                    inside = replace(scope, module=module)
                    expression = self.configuration.output(inside.calls, output.name)
                    yield from self._resolved(inside, {}, expression, hops)
            case (Step("each"), *_):
                yield from self._resolved(scope, {}, block.get("for_each_expression"), hops)
            case (Step("var" | "module" | "data" | "local" | "count" | "path" | "terraform"), *_):
                return
            case (type_, one, *_):
                instances = self._instances.get((scope.module, f"{type_.name}.{one.name}"), {})
                yield from _selected(instances, one.index, scope)

    def _by_name(self, own: Found, path: tuple[str, ...], type_: str) -> Planned | None:
        """The one resource of the type with the id, name or ARN that the argument holds."""
        value = get(own.values, *path)
        return self._names_of(type_).get(value) if isinstance(value, str) and value else None

    def _names_of(self, type_: str) -> Mapping[str, Planned | None]:
        """Resources of a type by what names them; None where that is several."""
        if type_ not in self._named:
            found: dict[str, Planned | None] = {}
            for one in self._types.get(type_, ()):
                for name in {v for key in NAMES if isinstance(v := one.values.get(key), str) and v}:
                    found[name] = None if name in found else one
            self._named[type_] = found
        return self._named[type_]

    def _which_name(self, resource: Planned, type_: str, path: tuple[str, ...]) -> Sequence[Planned]:
        """Resources of the type whose argument holds the id, name or ARN of this one."""
        if (type_, path) not in self._naming:
            by_value: dict[str, list[Planned]] = {}
            for one in self._types.get(type_, ()):
                if isinstance(value := get(one.values, *path), str) and value:
                    by_value.setdefault(value, []).append(one)
            self._naming[type_, path] = by_value
        by_value, names = self._naming[type_, path], self._names_of(resource.type) if self._naming[type_, path] else {}
        mine = dict.fromkeys(name for key in NAMES if isinstance(name := resource.values.get(key), str))
        return [one for name in mine if _same(names.get(name), resource) for one in by_value.get(name, ())]

    def _only(self, own: Found, path: tuple[str, ...], type_: str) -> Planned | None:
        """The only resource of the type in the module, for an argument that the plan cannot know yet and that is made
        of local values or in a `dynamic` block, which are not in a plan."""
        expression = self.configuration.argument(calls_of(own.module), own.name, path)
        local = expression is None or any(one.startswith("local.") for one in heads(expression))
        if not local or not marked(self._unknown.get(own.address), path):
            return None
        beside = self._beside.get((own.module, type_), ())
        if len(beside) == 1:
            return beside[0]
        same = [one for one in beside[:MOST_HOPS] if self._found[one.address].index == own.index]
        return same[0] if len(same) == 1 and len(beside) <= MOST_HOPS else None


def _same(one: Planned | None, other: Planned) -> bool:
    """Whether both are the resource of one address: a rule is given a copy that notes what it reads."""
    return one is not None and one.address == other.address


def _selected(instances: Mapping[str, T], index: str, scope: _Scope) -> Iterable[T]:
    """Those of several instances that a reference with this index is to."""
    for wanted in (index,) if scope.every else (index, scope.index):
        if wanted in instances:
            return (instances[wanted],)
    all_of_them = len(instances) == 1 or (scope.every and not index)
    return islice(instances.values(), MOST_INSTANCES) if all_of_them else ()
