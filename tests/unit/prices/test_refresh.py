"""Orchestration of a refresh: what is refused before a cloud is asked, and how a book is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from groundplan.app.progress import Progress
from groundplan.app.refresh import ALL, Scope, Task, current_prices
from groundplan.app.refresh_changes import refresh_and_compare
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, OK, STALE
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import DiagnosticsError
from groundplan.preflight.model import UnreachableError
from groundplan.prices.csv_book import COLUMNS
from groundplan.prices.fresh import Answer, Ask, FreshPrice, Kind, Question, RefusedError, Unmapped, Wanted
from groundplan.prices.refresh import refuse_target, write_book
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PRICE = FreshPrice("us-east-1", "g6.xlarge", "on_demand", "hour", "AWS Price List", Decimal("0.81"))
ANSWER = Answer((PRICE,), (Unmapped("keys.key", "nobody knows"), Unmapped("g6.2xlarge", "no price", "us-east-1")))
MACHINES = frozenset[Kind]({"on_demand", "commitments"})
SPOT = frozenset[Kind]({"spot"})


def refused() -> Answer:
    raise RefusedError("AccessDenied: no", "allow the caller ec2:DescribeSpotPriceHistory")


def machines(region: str = "us-east-1") -> Question:
    return Question(f"machines in {region}", region, MACHINES, lambda: ANSWER)


SPOT_PRICES = Question("spot prices", "us-east-1", SPOT, refused)


def everything(wanted: Wanted) -> Sequence[Question]:
    assert wanted.regions == tuple(sorted(AWS.catalog.regions))
    assert wanted.units["network.nat_gateway"] == "hour"
    return [machines()]


def unreachable(_: Wanted) -> Sequence[Question]:
    raise UnreachableError("no credentials were found", "log in")


def silent(_: Wanted) -> Sequence[Question]:
    return [SPOT_PRICES]


def partly(_: Wanted) -> Sequence[Question]:
    return [machines(), SPOT_PRICES]


def asking(ask: Ask | None) -> Cloud:
    """AWS, asked by that function in place of its own; by None it cannot be asked."""
    module = ModuleType("refresh")
    module.questions = ask  # type: ignore[attr-defined]
    module.explain = lambda _, item: f"nothing is said of {item}"  # type: ignore[attr-defined]
    cloud = replace(AWS)
    object.__setattr__(cloud, "extension", {"refresh": module if ask else None}.__getitem__)
    return cloud


def test_without_regions_all_are_asked() -> None:
    assert current_prices(asking(everything), ALL, NOW).prices == (PRICE,)


@pytest.mark.parametrize(
    ("cloud", "regions", "code"),
    [
        (asking(unreachable), (), "GP804"),
        (asking(silent), (), "GP804"),
        (asking(None), (), "GP804"),
        (AWS, ("us-eas-1",), "GP706"),
    ],
    ids=["unreachable", "silent", "cannot be asked", "region"],
)
def test_what_ends_a_refresh(cloud: Cloud, regions: tuple[str, ...], code: str) -> None:
    with pytest.raises(DiagnosticsError) as raised:
        current_prices(cloud, Scope(regions), NOW)
    assert [found.code for found in raised.value.diagnostics] == [code]


def test_a_book_is_written_over_a_book_only(tmp_path: Path) -> None:
    path = tmp_path / "today.csv"
    for _ in range(2):
        write_book("aws", [PRICE], path, NOW.date())
    row = "aws,us-east-1,g6.xlarge,on_demand,,,,0.81,,hour,,2026-11-22,AWS Price List"
    assert path.read_text() == f"{','.join(COLUMNS)}\n{row}\n"
    path.write_text("mine\n")
    with pytest.raises(DiagnosticsError):
        write_book("aws", [PRICE], path, NOW.date())
    assert path.read_text() == "mine\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_book_that_cannot_be_read_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "today.csv"
    write_book("aws", [PRICE], path, NOW.date())

    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", denied)
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DiagnosticsError) as raised:
        refuse_target(path)
    [found] = raised.value.diagnostics
    assert found.code == "GP403" and "no permission" in found.message


def test_what_is_no_book_is_not_copied_for_a_comparison(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[object] = []
    monkeypatch.setattr("shutil.copyfile", lambda *paths: copied.append(paths))
    (tmp_path / "today.csv").write_text("mine\n")
    with pytest.raises(DiagnosticsError) as raised:
        refresh_and_compare(Task("aws", tmp_path / "today.csv"), [], NOW, cast(Progress, None))
    assert [found.code for found in raised.value.diagnostics] == ["GP403"] and not copied


@pytest.mark.parametrize("name", ["today.yaml", "none/today.csv", "folder.csv"])
def test_targets_that_are_refused_before_anything_is_asked(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert run(["prices", "refresh", "--cloud", "aws", "-o", str(tmp_path / name)]) == STALE
    assert "GP403" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("refresh", "code"),
    [(everything, OK), (partly, FINDINGS), (silent, MISSING)],
    ids=["everything", "partly", "silent"],
)
def test_the_command(
    refresh: Ask, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("groundplan.app.prices.find_cloud", lambda _: asking(refresh))
    path = tmp_path / "today.csv"
    assert run(["prices", "refresh", "--cloud", "aws", "-o", str(path)]) == code
    captured = capsys.readouterr()
    assert path.exists() == (code != MISSING)
    if code != MISSING:
        assert "1 prices of 1 machine types and 0 items in 1 regions" in captured.out
        assert "nobody knows: keys.key" in captured.out
    if code != OK:
        assert "AccessDenied" in captured.err


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_without_credentials(
    cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    assert run(["prices", "refresh", "--cloud", cloud, "-o", str(tmp_path / "today.csv")]) == MISSING
    assert "credentials were found" in capsys.readouterr().err
    assert not (tmp_path / "today.csv").exists()


@pytest.mark.parametrize("cloud", ["azure", "aws,gcp"])
def test_one_known_cloud_at_a_time(cloud: str, tmp_path: Path) -> None:
    assert run(["prices", "refresh", "--cloud", cloud, "-o", str(tmp_path / "today.csv")]) == BAD_SPEC
