"""Which namespaces hold no volumes: those whose charts and deployments the plans show, none of which asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from groundplan.change.classify import Knowledge
from groundplan.change.planned import Path, Planned, value_at, values_at
from groundplan.change.tables import stateless_charts, things
from groundplan.change.things import NAMESPACE, has_claims, thing_of
from groundplan.terraform.effects import Effect, Loss

_OF = (("metadata", 0, "namespace"), ("namespace",), ("manifest", "metadata", "namespace"))
_NAME: Path = ("metadata", 0, "name")
_CLAIM: Path = ("spec", "*", "template", "*", "spec", "*", "volume", "*", "persistent_volume_claim", "*")
_CHART, _DEPLOYMENT = "chart", "deployment"
_LOST = "what runs in it, and what its pods keep in memory"


@dataclass(frozen=True)
class InNamespaces:
    """What is known of types, and of namespaces by what the plans have in them."""

    known: Knowledge
    stateless: frozenset[str]
    """Names of namespaces in which nothing asks for a volume."""

    def studied(self, type_: str, /) -> bool:
        """As it is known of the type."""
        return self.known.studied(type_)

    def of_update(self, type_: str, before: Mapping[str, Any], after: Mapping[str, Any], /) -> tuple[Effect, ...]:
        """As it is known of the type."""
        return self.known.of_update(type_, before, after)

    def loss(self, type_: str, prior: Mapping[str, Any] | None = None, /) -> Loss | None:
        """As it is known of the type; of a namespace without volumes no data."""
        loss = self.known.loss(type_, prior)
        if loss is None or thing_of(type_).noun != NAMESPACE or value_at(prior, _NAME) not in self.stateless:
            return loss
        return replace(loss, lost=_LOST, data=False)


def stateless_namespaces(planned: Iterable[Planned]) -> frozenset[str]:
    """Names of the namespaces in which charts or deployments run, none of which asks for a volume.

    One to which only accounts, quotas and policies belong is its users': what they claim is in no plan.
    """
    runs: dict[str, bool] = {}
    for one in planned:
        name = next((value for path in _OF if isinstance(value := value_at(one.before, path), str)), None)
        if name is not None and one.provider.endswith(("/kubernetes", "/helm")) and _counts(one):
            runs[name] = runs.get(name, True) and _without_volumes(one)
    return frozenset(name for name, without in runs.items() if without)


def _counts(planned: Planned) -> bool:
    """Whether it runs something, or may: a type that no table names."""
    return planned.type not in things() or thing_of(planned.type).noun in (_CHART, _DEPLOYMENT)


def _without_volumes(planned: Planned) -> bool:
    if planned.type not in things() or has_claims(planned):
        return False
    if thing_of(planned.type).noun == _CHART:
        chart = str(planned.before.get("chart", ""))
        return bool(stateless_charts() & {chart, "/".join(chart.split("/")[-2:])})
    return not any(values_at(planned.before, _CLAIM))
