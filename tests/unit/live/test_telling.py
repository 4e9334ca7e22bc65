"""Plans as a change: the edits that lead to them, dollars, and what is let pass."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.allowances import allowances
from groundplan.app.live.connected import Connected, connected
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.outcomes import Question
from groundplan.app.live.past import Past
from groundplan.app.live.plan import RootPlan, Seen
from groundplan.app.live.telling import Teller
from groundplan.app.pipeline import resolve_spec
from groundplan.change.model import Change, Counts, Entry, Kind, Side
from groundplan.cli import run
from groundplan.cli.common import ConsoleProgress
from groundplan.clouds.gcp import live
from groundplan.clouds.gcp.live.cloud import GcpCloud
from groundplan.clouds.gcp.live.rest import Endpoints, Rest
from groundplan.live.cloud import Live
from groundplan.live.saved import Action, SavedRoot
from groundplan.views import change as view
from groundplan.views.console import Console
from tests.sizes import spec_text
from tests.unit.change.plans_of import ACTIONS
from tests.unit.live.environments import state
from tests.unit.live.google import Session

TODAY = date(2026, 11, 30)
POOL = 'module.pool_serving_ranker.google_container_node_pool.this["on-demand/t2d-standard-1"]'


@dataclass
class Environment:
    """A rendered environment and the bucket of its states."""

    folder: Path
    session: Session

    @property
    def spec(self) -> Path:
        return self.folder / "groundplan.yaml"

    def at(self) -> Connected:
        return connected(self.folder, {}, ConsoleProgress(Console.of_process()))

    def applied(self, serial: int = 1) -> None:
        """The foundation is applied as it is rendered now."""
        self.session.put("cpu-serving/10-foundation/default.tfstate", state(serial))
        [foundation] = self.at().standing.chosen(("10-foundation",))
        assert not Ledger(self.at(), "run-1", lambda: datetime.now(UTC)).ended(foundation, ok=True)

    def edit(self, **values: Any) -> None:
        """Another size of the pool `ranker`, rendered."""
        spec = yaml.safe_load(self.spec.read_text())
        spec["serving"]["pools"]["ranker"] |= values
        self.write(spec)

    def write(self, spec: Mapping[str, Any]) -> None:
        self.spec.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
        assert run(["render", str(self.spec), "-o", str(self.folder), "--forget"]) == 0

    def teller(self, *words: str) -> Teller:
        return Teller(self.at(), Past(self.at()), TODAY, allowances(words))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("telling") / "out"
    folder.mkdir()
    spec = yaml.safe_load(spec_text("cpu-serving", "gcp", "minimal")) | {"state": {"backend": "remote"}}
    (folder / "groundplan.yaml").write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    assert run(["render", str(folder / "groundplan.yaml"), "-o", str(folder)]) == 0
    return folder


@pytest.fixture
def environment(rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    folder = shutil.copytree(rendered, tmp_path / "out")
    text = (folder / "10-foundation" / "backend.tf").read_text()
    bucket = text.partition("bucket")[2].split('"')[1]
    session = Session(bucket=bucket, answers={"/v3/projects/example-project": {"projectId": "example-project"}})

    def connect(account: str, region: str, _: Mapping[str, str]) -> GcpCloud:
        return GcpCloud(Rest(session), account, region, "ada@example.com", Endpoints())

    monkeypatch.setattr(live, "LIVE", Live(connect))
    return Environment(folder, session)


def plan_of(action: str, address: str = POOL, **plan: Any) -> RootPlan:
    """A plan of the foundation that does one thing to a resource."""
    type_ = address.split(".")[-2]
    change = {"actions": ACTIONS[action], "before": {"node_count": 1}, "after": {"node_count": 2}, "after_unknown": {}}
    resource = {
        "address": address,
        "module_address": address.rpartition(f".{type_}")[0],
        "mode": "managed",
        "type": type_,
        "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/google",
        "change": change,
    }
    actions = (Action(address=address, actions=tuple(ACTIONS[action])),)
    saved = SavedRoot(root="10-foundation", sha256="", serial=1, lineage="one", pending=True, actions=actions)
    return RootPlan("10-foundation", {"format_version": "1.2", "resource_changes": [resource], **plan}, saved)


def question(change: Change) -> Question:
    return Question("cpu-serving", ["10-foundation"], change)


class TestSpecs:
    def test_the_state_that_a_plan_was_made_on_is_not_read_again(self, environment: Environment) -> None:
        environment.applied(serial=2)
        environment.edit(nodes={"min": 1, "max": 4})
        [foundation] = environment.at().standing.chosen(("10-foundation",))
        planned = replace(plan_of("update"), seen=Seen(environment.at().read(foundation)))
        environment.session.put("cpu-serving/10-foundation/default.tfstate", state(3))
        found = [environment.teller().change([one]).diagnostics for one in (planned, plan_of("update"))]
        assert ["GP748" in {each.code for each in one} for one in found] == [False, True]

    def test_the_edit_since_the_last_apply_and_what_it_costs(self, environment: Environment) -> None:
        before = resolve_spec(environment.spec).estimate(today=TODAY).total
        environment.applied()
        environment.edit(nodes={"min": 1, "max": 4})
        change = environment.teller().change([plan_of("update")])
        after = resolve_spec(environment.spec).estimate(today=TODAY).total
        assert change.monthly_usd.expected == after.expected - before.expected > 0, "as `change` and `cost` say"
        assert change.monthly_usd.low < change.monthly_usd.high
        costs = [one for one in change.entries if one.kind is Kind.COSTS]
        [entry] = [one for one in costs if (one.component, one.path) == ("node_pool", "serving.pools.ranker")]
        places = [(edit.path, edit.before, edit.after) for edit in entry.edits]
        assert ("serving.pools.ranker.nodes.max", "1", "4") in places
        line = environment.spec.read_text().split("\n").index("        max: 4") + 1
        assert (str(environment.spec), line) in {
            (edit.place.file, edit.place.line) for edit in entry.edits if edit.place
        }

    def test_dollars_of_old_prices_say_so(self, environment: Environment) -> None:
        environment.applied()
        environment.edit(nodes={"max": 4})
        teller = replace(environment.teller(), today=date(2028, 11, 29))
        change = teller.change([plan_of("update")])
        assert [one.code for one in change.diagnostics] == [one.code for one in teller.old_prices] == ["GP707"]
        quiet = replace(environment.teller(), today=date(2028, 11, 29))
        assert not quiet.change([]).diagnostics and not quiet.old_prices

    def test_a_replacement_has_the_edit_that_leads_to_it(self, environment: Environment) -> None:
        environment.applied()
        environment.edit(vcpus=4)
        change = environment.teller().change([plan_of("replace")])
        [entry] = [one for one in change.entries if one.kind is Kind.REPLACES]
        assert [edit.path for edit in entry.edits] == ["serving.pools.ranker.vcpus"], entry
        assert change.title.startswith(f"10-foundation: {environment.folder}, on what ada@example.com applied 20")
        assert change.components == [("node pool", Counts(replaced=1))]

    def test_what_nobody_has_applied_costs_all_of_it(self, environment: Environment) -> None:
        waiting = [RootPlan(root, after="00-state") for root in ("10-foundation", "20-platform")]
        change = environment.teller().change([plan_of("create"), *waiting[1:]])
        total = resolve_spec(environment.spec).estimate(today=TODAY).total
        assert total.expected * Decimal("0.9") < change.monthly_usd.expected <= total.expected
        assert change.title == f"10-foundation: {environment.folder}, for the first time"
        entry = change.entries[0]
        assert entry.place and entry.place.file == str(environment.spec) and entry.place.line > 1

    def test_nothing_pending_costs_nothing(self, environment: Environment) -> None:
        environment.applied()
        teller = environment.teller()
        change = teller.change([RootPlan("10-foundation", {"format_version": "1.2"})], whole=True)
        assert not change.entries and not any(change.monthly_usd.cases)
        assert "now" not in vars(teller.past), "and no spec is resolved for it"


class TestPlans:
    """A state that is not what the specs say is priced as it is."""

    DISK = "module.pool_serving_ranker.google_compute_disk.extra"

    def plan(self, **more: Any) -> RootPlan:
        def values(size: int) -> dict[str, Any]:
            resource = {
                "address": self.DISK,
                "mode": "managed",
                "type": "google_compute_disk",
                "name": "extra",
                "provider_name": "registry.terraform.io/hashicorp/google",
                "values": {"size": size, "type": "pd-ssd", "zone": "us-central1-a"},
            }
            module = {"address": "module.pool_serving_ranker", "resources": [resource]}
            return {"root_module": {"child_modules": [module]}}

        sides = {"planned_values": values(500), "prior_state": {"values": values(100)}}
        return plan_of("update", self.DISK, **sides, **more)

    def test_the_state_was_written_since(self, environment: Environment) -> None:
        environment.applied()
        environment.session.put("cpu-serving/10-foundation/default.tfstate", state(9))
        change = environment.teller().change([self.plan()])
        assert [one.code for one in change.diagnostics] == ["GP748"]
        [entry] = [one for one in change.entries if one.kind is Kind.COSTS]
        assert (entry.component, entry.path) == ("node_pool", "serving.pools.ranker")
        assert change.monthly_usd.expected == Decimal(400) * Decimal("0.17"), "pd-ssd, a GB and month"

    def test_something_has_drifted(self, environment: Environment) -> None:
        environment.applied()
        change = environment.teller().change([self.plan(resource_drift=[{"address": self.DISK}])])
        assert [one.code for one in change.diagnostics] == ["GP748"]


class TestWords:
    def test_what_is_allowed_needs_no_name(self, environment: Environment) -> None:
        environment.applied()
        environment.edit(vcpus=4)
        assert question(environment.teller().change([plan_of("replace")])).is_severe
        teller = environment.teller("replaces:serving.pools.ranker.vcpus")
        assert not question(teller.change([plan_of("replace")])).is_severe
        assert not teller.idle()

    def test_a_line_of_the_spec_does_the_same(self, environment: Environment) -> None:
        spec = yaml.safe_load(environment.spec.read_text())
        line = {"kind": "replaces", "at": POOL, "until": "2026-12-24", "reason": "new machines"}
        environment.write({**spec, "changes": {"allow": {"machines": line}}})
        change = environment.teller().change([plan_of("replace")])
        [entry] = [one for one in change.entries if one.kind is Kind.REPLACES]
        assert entry.allowed_by.startswith("changes.allow.machines")
        assert not question(change).is_severe

    def test_a_word_for_something_else(self, environment: Environment) -> None:
        teller = environment.teller("destroys-data:tracking")
        change = teller.change([plan_of("replace")])
        assert question(change).is_severe and "GP207" not in {one.code for one in change.diagnostics}
        assert [one.code for one in teller.idle()] == ["GP207"]
        whole = environment.teller("destroys-data:tracking").change([plan_of("replace")], whole=True)
        assert "GP207" in {one.code for one in whole.diagnostics}


def test_components_are_counted_before_addresses_are_named() -> None:
    side = Side("before", "1.0"), Side("after", "1.0")
    several = [(f"component {number}", Counts(created=number, replaced=1)) for number in range(1, 20)]
    change = Change(
        *side, [Entry(Kind.REPLACES, "pool a is replaced")], Counts(), title="10-foundation", components=several
    )
    lines = view.text(change, color=False).splitlines()
    assert lines[0] == "10-foundation"
    assert lines[2].startswith("component 1 1 created, 1 replaced; component 2 2 created")
    assert lines[5] == "  and further ones: --format json counts all"
    assert all(len(line) <= 100 for line in lines[:6])
    assert lines.index("replaces  pool a is replaced") > 5
