"""The worst month against the budget: what counts, at which price, and what keeps the inequality from being shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK, OVER_BUDGET
from groundplan.clouds.base import Cloud
from groundplan.components.budget.part import Limits, limits_of
from groundplan.components.load import components
from groundplan.components.node_pool.part import pools_of
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.cost.findings import proof_findings
from groundplan.cost.proof import Proof, prove
from groundplan.prices.book import Price, PriceBook, PurchaseOption
from groundplan.spec.model import Spec
from tests.architecture.sources import REPOSITORY
from tests.unit.stack.specs import BASE, aws, spec_of

POOL = {"vcpus": 4, "memory_gib": 16, "nodes": {"min": 0, "max": 5}, "hours_per_month": 10}
BUCKETS = {"buckets": {"data": {"size_gib": 100}}}
BLUEPRINTS = sorted((REPOSITORY / "blueprints").glob("*/blueprint.yaml"))


def proved(spec: Spec, cloud: Cloud | None = None) -> Proof:
    stack = resolve(spec, cloud or aws())
    limits = limits_of(stack)
    assert limits is not None
    return prove(stack, cloud or aws(), components(), limits)


def budget_of(limit: float = 1e6, **more: Any) -> dict[str, Any]:
    return {"monthly_usd": limit, **more}


def assumed(proof: Proof) -> dict[str, float]:
    return {one.item: float(one.assumed) for one in proof.open if one.assumed is not None}


def term_of(proof: Proof, path: str) -> tuple[str, Decimal, Decimal, str]:
    [term] = [term for term in proof.terms if term.path == path and term.unit == "hour"]
    return term.item, term.quantity, term.unit_usd, term.why


class TestNodes:
    def test_as_many_as_the_pool_may_have_run_all_month(self) -> None:
        spec = spec_of(training={"pools": {"a": {**POOL, "capacity": "on_demand"}}}, budget=budget_of())
        cloud = aws()
        [pool] = [pool for pool in pools_of(resolve(spec, cloud)) if pool.name == "a"]
        price = cloud.prices.instance_price("us-east-1", pool.instance_types[0], "on_demand")
        assert price is not None
        found = term_of(proved(spec), "training.pools.a")
        assert found == (pool.instance_types[0], 5 * 730, price.usd_expected, "nodes.max")

    @pytest.mark.parametrize("capacity", ["spot", "spot_with_fallback"])
    def test_a_spot_node_costs_what_its_dearest_type_does_on_demand(self, capacity: str) -> None:
        spec = spec_of(training={"pools": {"a": {**POOL, "capacity": capacity}}}, budget=budget_of())
        cloud = aws()
        [pool] = [pool for pool in pools_of(resolve(spec, cloud)) if pool.name == "a"]
        assert len(pool.instance_types) > 1
        prices = {
            name: price.usd_expected
            for name in pool.instance_types
            if (price := cloud.prices.instance_price("us-east-1", name, "on_demand"))
        }
        name, hours, usd, _ = term_of(proved(spec), "training.pools.a")
        assert usd == max(prices.values()) and prices[name] == usd
        assert hours == 5 * 730 * (2 if capacity == "spot_with_fallback" else 1)

    def test_a_machine_without_a_price_costs_what_the_user_says_or_is_open(self) -> None:
        class Without(PriceBook):
            def instance_price(self, region: str, instance_type: str, option: PurchaseOption) -> Price | None:
                found = super().instance_price(region, instance_type, option)
                return None if instance_type == "m6i.large" else found

        cloud = replace(aws(), load_prices=lambda: Without(aws().prices.folder))
        named = {"instance_types": ["m6i.large"], "capacity": "on_demand", "nodes": {"min": 0, "max": 5}}
        spec = {"training": {"pools": {"a": named}}}
        first = proved(spec_of(**spec, budget=budget_of()), cloud=cloud)
        assert [one.item for one in first.open if not one.priced] == ["m6i.large"]
        proof = proved(spec_of(**spec, budget=budget_of(unpriced_usd={"m6i.large": 400})), cloud=cloud)
        assert not [one.item for one in proof.open if not one.priced]
        assert [term.usd for term in proof.terms if term.why == "budget.unpriced_usd"] == [400]

    def test_their_disks_are_there_as_long(self) -> None:
        spec = spec_of(
            training={"pools": {"a": {**POOL, "capacity": "on_demand", "disk_gib": 200}}}, budget=budget_of()
        )
        [disk] = [t for t in proved(spec).terms if t.path == "training.pools.a" and t.unit == "gib_month"]
        assert (disk.quantity, disk.why) == (5 * 200, "nodes.max")


class TestUse:
    SPEC: Mapping[str, Any] = {"storage": BUCKETS, "state": {"backend": "local"}}

    def test_what_nothing_limits_is_open_with_the_high_of_the_estimate(self) -> None:
        proof = proved(spec_of(**self.SPEC, budget=budget_of()))
        assert not proof.holds and proof.over_usd < 0
        assert assumed(proof)["object_store.standard"] >= 130
        [found] = proof_findings(proof)
        assert found.code == "GP717" and "object_store.standard" in found.message

    def test_a_bound_counts_at_the_dearest_tier(self) -> None:
        bounds = assumed(proved(spec_of(**self.SPEC, budget=budget_of()))) | {"object_store.standard": 1_000_000}
        proof = proved(spec_of(**self.SPEC, budget=budget_of(bounds=bounds)))
        [term] = [term for term in proof.terms if term.item == "object_store.standard"]
        assert (term.quantity, term.unit_usd, term.why) == (1_000_000, Decimal("0.023"), "budget.bounds")
        assert proof.holds and not proof_findings(proof)

    def test_the_last_cent_decides(self) -> None:
        bounds = assumed(proved(spec_of(**self.SPEC, budget=budget_of())))
        most = proved(spec_of(**self.SPEC, budget=budget_of(bounds=bounds))).most_usd
        assert proved(spec_of(**self.SPEC, budget=budget_of(float(most), bounds=bounds))).holds
        over = proved(spec_of(**self.SPEC, budget=budget_of(float(most - Decimal("0.01")), bounds=bounds)))
        assert not over.holds
        [found] = proof_findings(over)
        assert (found.code, found.path) == ("GP701", "budget.monthly_usd")
        assert "$0.01 over the budget" in found.message

    def test_a_bound_below_what_is_expected_contradicts_the_spec(self) -> None:
        bounds = assumed(proved(spec_of(**self.SPEC, budget=budget_of()))) | {"object_store.standard": 50}
        proof = proved(spec_of(**self.SPEC, budget=budget_of(bounds=bounds)))
        assert not proof.holds
        [found] = proof_findings(proof)
        assert (found.code, found.path) == ("GP208", "budget.bounds.object_store.standard")

    def test_what_has_no_price_counts_as_the_user_says_or_is_open(self) -> None:
        class Without(PriceBook):
            def item_price(self, item: str, region: str) -> Price | None:
                return None if item in {"keys.key", "object_store.standard_read"} else super().item_price(item, region)

        cloud = replace(aws(), load_prices=lambda: Without(aws().prices.folder))
        first = proved(spec_of(**self.SPEC, budget=budget_of()), cloud=cloud)
        assert {one.item for one in first.open if not one.priced} == {"keys.key", "object_store.standard_read"}
        bounds = {"unpriced_usd": {"keys.key": 7, "object_store.standard_read": 5.5}, "bounds": assumed(first)}
        proof = proved(spec_of(**self.SPEC, budget=budget_of(**bounds)), cloud=cloud)
        assert proof.holds
        assert sum(term.usd for term in proof.terms if term.why == "budget.unpriced_usd") == Decimal("12.5")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda path: path.parent.name)
def test_with_the_highs_as_bounds_it_is_never_below_the_high_of_the_estimate(blueprint: Path, cloud: str) -> None:
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec
    from groundplan.app.target import Target

    target = Target(cloud, *{"aws": ("us-east-1", "111122223333"), "gcp": ("us-central1", "fraud-dev")}[cloud])
    resolved = resolve_spec(blueprint, overrides=Overrides(target))
    limits = Limits(Decimal(10**9), {}, {}, {}, None)
    first = prove(resolved.stack, resolved.cloud, components(), limits)
    bounds = {one.item: one.assumed for one in first.open if one.assumed is not None}
    proof = prove(resolved.stack, resolved.cloud, components(), Limits(Decimal(10**9), {}, {}, bounds, None))
    assert proof.holds
    assert proof.most_usd >= estimate(resolved.stack, resolved.cloud, components()).total.high


class TestCommand:
    def spec(self, folder: Path, **budget: Any) -> Path:
        file = folder / "groundplan.yaml"
        file.write_text(yaml.safe_dump({**BASE, "storage": BUCKETS, **({"budget": budget} if budget else {})}))
        return file

    def test_the_bounds_that_it_prints_close_what_is_open(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["cost", "--prove", str(self.spec(tmp_path, monthly_usd=500))]) == OVER_BUDGET
        printed = capsys.readouterr().out
        bounds = yaml.safe_load(printed[printed.index("bounds: {") :])
        spec = self.spec(tmp_path, monthly_usd=500, **bounds)
        assert run(["cost", "--prove", str(spec)]) == OK
        assert "Within the budget in every month:" in capsys.readouterr().out
        assert run(["cost", "--prove", str(spec), "--format", "json"]) == OK
        found = json.loads(capsys.readouterr().out)
        assert found["holds"] and found["most_usd"] <= found["limit_usd"] == 500
        assert found["most_usd"] == pytest.approx(sum(term["usd"] for term in found["terms"]))

    def test_without_a_budget_there_is_nothing_to_prove(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["cost", "--prove", str(self.spec(tmp_path))]) == BAD_SPEC
        assert "GP718" in capsys.readouterr().err
