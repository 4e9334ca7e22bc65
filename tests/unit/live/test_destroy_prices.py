"""What a destruction leaves costs by the price book, whose rows may be old."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from groundplan.app.live.connected import connected
from groundplan.app.live.destroy.cluster import Controllers
from groundplan.app.live.destroy.prices import aftermath_of
from groundplan.app.live.destroy.run import Destroy
from groundplan.app.live.plan import RootPlan
from groundplan.cli.common import ConsoleProgress
from groundplan.live.saved import SavedRoot
from groundplan.views.console import Console
from tests.unit.live.environments import Demo

KEY = {
    "address": "google_kms_crypto_key.k",
    "mode": "managed",
    "type": "google_kms_crypto_key",
    "name": "k",
    "change": {"actions": ["delete"], "before": {"name": "k", "destroy_scheduled_duration": "2592000s"}},
}


def destroyed(demo: Demo, today: date) -> Any:
    """A dry run of one root, with one plan."""
    at = connected(demo.folder, {}, ConsoleProgress(Console.of_process({})))
    root = "10-foundation"
    saved = SavedRoot(root=root, sha256="", pending=True)
    plan = RootPlan(root, {"format_version": "1.2", "resource_changes": [KEY]}, saved)
    live: Any = SimpleNamespace(halted=lambda _root: None)
    planner: Any = SimpleNamespace(at=at, live=live, plan=lambda _state, _held: plan)
    ledger: Any = SimpleNamespace(closed=lambda **_: None, now=lambda: datetime.now(UTC))
    controllers = Controllers(at, lambda _text: None, ignored=True)
    progress = ConsoleProgress(Console.of_process({}))
    run = Destroy(planner, None, lambda _: False, ledger, progress, controllers, aftermath_of(at, today))  # type: ignore[arg-type]
    return run.run((root,), dry=True)


def test_prices_of_what_stays_say_their_days(demo: Demo) -> None:
    found = destroyed(demo, date(2026, 11, 30))
    [key] = found.stays
    assert (key.monthly_usd, key.each, list(found.diagnostics)) == (Decimal("0.06"), "version", [])
    assert [one.code for one in destroyed(demo, date(2028, 11, 29)).diagnostics] == ["GP707"]
