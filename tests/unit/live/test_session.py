"""Copies of an environment in which it is destroyed, when groundplan was killed there."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from groundplan.app.live.destroy.session import sweep
from groundplan.live.roots import standing_in
from tests.unit.live.environments import Demo

ROOT = "10-foundation"


def test_what_another_takes_away_meanwhile_or_is_no_copy_ends_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = demo.folder.parent / "cache"
    (above / "destroy-dead").mkdir(parents=True)
    (above / "destroy-file").touch()
    found = [above / "destroy-another", *above.glob("*")]
    monkeypatch.setattr(Path, "glob", lambda *_: iter(found))
    sweep(above, standing_in(demo.folder))
    assert [path.name for path in above.iterdir()] == ["destroy-file"]


def test_a_state_that_could_not_be_written_takes_the_place_of_no_other(demo: Demo) -> None:
    above, kept = demo.folder.parent / "cache", demo.folder / ROOT / "errored.tfstate"
    left = above / "destroy-dead" / ROOT / "errored.tfstate"
    left.parent.mkdir(parents=True)
    left.write_text("older", encoding="utf-8")
    kept.write_text("of an apply since", encoding="utf-8")
    sweep(above, standing_in(demo.folder))
    assert (left.read_text("utf-8"), kept.read_text("utf-8")) == ("older", "of an apply since")
    kept.write_text("older", encoding="utf-8")
    sweep(above, standing_in(demo.folder))
    assert (list(above.iterdir()), kept.read_text("utf-8")) == ([], "older")


def test_what_a_killed_destruction_has_left_goes_and_its_state_stays(demo: Demo) -> None:
    above = demo.folder.parent / "cache"
    for name in ("destroy-dead", "destroy-alive"):
        (above / name / ROOT).mkdir(parents=True)
        (above / name / ROOT / "errored.tfstate").write_text(name, encoding="utf-8")
    alive = os.open(above / "destroy-alive", os.O_RDONLY)
    fcntl.flock(alive, fcntl.LOCK_EX)
    sweep(above, standing_in(demo.folder))
    os.close(alive)
    assert [path.name for path in above.iterdir()] == ["destroy-alive"]
    kept = demo.folder / ROOT / "errored.tfstate"
    assert (kept.read_text("utf-8"), stat.S_IMODE(kept.stat().st_mode)) == ("destroy-dead", 0o600)
