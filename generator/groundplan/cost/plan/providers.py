"""Which configuration of a provider a resource has, and the region and zone that it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from groundplan.clouds.planned import NO_PROVIDER, PlanPrices, Provider
from groundplan.cost.plan.configuration import UNKNOWN, Calls, Configuration, get


class Providers:
    """The provider configurations of a plan."""

    def __init__(self, plan: Mapping[str, Any], configuration: Configuration) -> None:
        written = get(plan.get("configuration"), "provider_config")
        self._written = {key: one for key, one in written.items() if isinstance(one, dict)} if written else {}
        self._configuration = configuration
        self._known: dict[tuple[Calls, str, str], Provider] = {}

    def of(self, calls: Calls, block: Mapping[str, Any], name: str, cloud: PlanPrices) -> Provider:
        """The configuration of a resource with this block in the module; `name` is its provider's, as in a registry."""
        key = block.get("provider_config_key")
        wanted = key if isinstance(key, str) and key else name.rpartition("/")[2] or cloud.prefix.rstrip("_")
        if (calls, wanted, cloud.prefix) not in self._known:
            self._known[calls, wanted, cloud.prefix] = self._find(calls, wanted, cloud)
        return self._known[calls, wanted, cloud.prefix]

    def default(self, cloud: PlanPrices) -> Provider:
        """The configuration that the root module has of the cloud's provider, which what runs on it has no word of."""
        names = [key for key, one in self._written.items() if _is_of(one, cloud) and not get(one, "alias")]
        found = [self._read((), key, cloud) for key in names if ":" not in key]
        return next((one for one in found if one.region), NO_PROVIDER)

    def _find(self, calls: Calls, key: str, cloud: PlanPrices) -> Provider:
        """That under the key, else that of the same name in the module or in the nearest of those that call it.

        Terraform before 1.1 does not follow what calls hand on, and calls a module by its own name alone.
        """
        inside, _, name = key.rpartition(":")
        if inside and (config := self._written.get(key)) is not None and config.get("expressions"):
            return self._read(_calls(inside) or calls, key, cloud)
        for depth in range(len(calls), -1, -1):
            for place in _places(calls[:depth]):
                config = self._written.get(f"{place}{name}")
                if config is not None and (config.get("expressions") or not depth):
                    return self._read(calls[:depth], f"{place}{name}", cloud)
        if name.endswith(
            "-beta"
        ):  # https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_versions
            return self._find(calls, name.removesuffix("-beta"), cloud)
        return Provider(name.partition(".")[0], name.partition(".")[2])

    def _read(self, calls: Calls, key: str, cloud: PlanPrices) -> Provider:
        config = self._written[key]
        said = {name: self._said(calls, get(config, "expressions", name)) for name in ("region", "zone")}
        zone = said["zone"] if cloud.region_of({"zone": said["zone"]}) != said["zone"] else ""
        region = next((r for r in (said["region"], cloud.region_of({"zone": zone})) if _is_region(r, cloud)), "")
        return Provider(_text(config, "name"), _text(config, "alias"), region, zone)

    def _said(self, calls: Calls, expression: Any) -> str:
        value = self._configuration.value(calls, expression)
        return value if value is not UNKNOWN and isinstance(value, str) else ""


def _text(config: Mapping[str, Any], key: str) -> str:
    value = config.get(key)
    return value if isinstance(value, str) else ""


def _is_of(config: Mapping[str, Any], cloud: PlanPrices) -> bool:
    """Whether it is the cloud's provider, or the same under another name: google-beta is google."""
    name, full_name = config.get("name"), config.get("full_name")
    known = full_name.rpartition("/")[2] if isinstance(full_name, str) and full_name else name
    return isinstance(known, str) and known.removesuffix("-beta") == cloud.prefix.rstrip("_")


def _is_region(name: str, cloud: PlanPrices) -> bool:
    return re.fullmatch(cloud.region_pattern, name) is not None


def _places(calls: Calls) -> tuple[str, ...]:
    """How keys begin in a module: by its address, and by its own name alone before Terraform 1.1."""
    if not calls:
        return ("",)
    return (f"{'.'.join(f'module.{name}' for name in calls)}:", f"{calls[-1]}:")


def _calls(address: str) -> Calls:
    names = address.split(".")
    return tuple(names[1::2]) if names[0] == "module" else ()
