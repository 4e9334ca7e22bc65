"""Listing and pulling the charts of a folder."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from groundplan.app.charts import Charts, Pulled, fetch, list_charts, pull_charts
from groundplan.app.tools import Tools
from groundplan.charts.cache import Cache
from groundplan.charts.find import Origin, find
from groundplan.charts.records import read_records
from groundplan.charts.releases import ChartName, Release
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import DiagnosticsError
from groundplan.views.charts import as_json, text
from groundplan.views.console import Console
from tests.unit.charts.served import Answer, digest, packed, served

ARCHIVE = packed()
VENDORED = f"charts/shop-1.2.3-{digest(ARCHIVE)[:8]}.tgz"
QUIET = ConsoleProgress(Console.of_process())
RELEASE = """\
terraform {{
  required_providers {{
    helm = {{
      source = "hashicorp/helm"
    }}
  }}
}}

resource "helm_release" "shop" {{
  name       = "shop"
  repository = "{repository}"
  chart      = "shop"
  version    = "1.2.3"
}}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def release(repository: str, version: str = "1.2.3") -> Release:
    return Release(".", "helm_release.shop", "shop", "default", ChartName(repository, "shop", version))


def pulled(folder: Path, environment: dict[str, str], *planned: Release, vendor: bool = False) -> Pulled:
    return fetch(folder, planned, environment, QUIET, vendor=vendor)


def test_a_pull_makes_charts_at_hand(folder: Path, environment: dict[str, str]) -> None:
    tools = Tools(environment=environment)
    with served() as server:
        (folder / "main.tf").write_text(RELEASE.format(repository=server.chart(ARCHIVE)))
        done = pull_charts(folder, tools, QUIET)
    assert [str(name) for name in done.fetched] == ["shop 1.2.3"]
    assert (done.written, done.diagnostics) == (("groundplan.charts.json",), ())
    (record,) = json.loads((folder / "groundplan.charts.json").read_text())["charts"]
    assert record["sha256"] == digest(ARCHIVE)
    assert [one.origin for one in list_charts(folder, tools, QUIET).found] == [Origin.CACHED]


def test_what_is_at_hand_is_not_fetched_again(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        shop = release(server.chart(ARCHIVE))
        pulled(folder, environment, shop)
    again = pulled(folder, environment, shop)  # nobody serves it any more
    assert (again.fetched, again.at_hand, again.written) == ((), (shop.chart,), ())


def test_vendored_archives_need_neither_network_nor_cache(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        shop = release(server.registry(ARCHIVE, token="anybodys"))
        done = pulled(folder, environment, shop, vendor=True)
    assert done.written == (VENDORED, "groundplan.charts.json")
    assert (folder / VENDORED).read_bytes() == ARCHIVE
    assert find(shop, folder, read_records(folder), Cache(None)).origin is Origin.VENDORED
    assert pulled(folder, {"HOME": environment["XDG_CACHE_HOME"]}, shop).written == ()


def test_another_archive_under_a_known_version_is_refused(
    folder: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    other = packed({"Chart.yaml": "name: shop\nversion: 1.2.3\n"})
    with served() as server:
        shop = release(server.chart(ARCHIVE))
        pulled(folder, environment, shop)
        before = (folder / "groundplan.charts.json").read_text()
        server.chart(other)
        (problem,) = pulled(folder, {"XDG_CACHE_HOME": str(tmp_path / "emptied")}, shop).diagnostics
    assert problem.code == "GP609"
    assert f"is sha256:{digest(other)} now, and was sha256:{digest(ARCHIVE)}" in problem.message
    assert (folder / "groundplan.charts.json").read_text() == before


def test_what_no_release_names_any_more_is_removed(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        pulled(folder, environment, release(server.chart(ARCHIVE)), vendor=True)
        other = packed({"Chart.yaml": "name: shop"})
        newer = release(server.chart(other, version="2.0.0"), "2.0.0")
        done = pulled(folder, environment, newer, vendor=True)
    assert done.removed == (VENDORED,)
    assert [path.name for path in (folder / "charts").iterdir()] == [f"shop-2.0.0-{digest(other)[:8]}.tgz"]


def test_charts_of_one_name_from_two_repositories_are_both_vendored(folder: Path, environment: dict[str, str]) -> None:
    other = packed({"Chart.yaml": "name: shop"})
    with served() as one, served() as two:
        both = release(one.chart(ARCHIVE)), release(two.chart(other))
        done = pulled(folder, environment, *both, vendor=True)
    assert len(done.written) == 3
    records = read_records(folder)
    assert [find(each, folder, records, Cache(None)).origin for each in both] == [Origin.VENDORED] * 2


def test_an_archive_that_cannot_be_removed_is_an_error(
    folder: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with served() as server:
        pulled(folder, environment, release(server.chart(ARCHIVE)), vendor=True)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(DiagnosticsError, match="cannot remove") as caught:
        pulled(folder, environment)
    assert [one.code for one in caught.value.diagnostics] == ["GP403"]


def test_credentials_in_an_address_are_refused_and_not_told(folder: Path, environment: dict[str, str]) -> None:
    shop = release("https://me:hunter2@example.com/charts")
    done = pulled(folder, environment, shop)
    assert [one.message for one in done.diagnostics] == [
        "shop 1.2.3 of https://example.com/charts: its address holds credentials"
    ]
    listed = Charts((find(shop, folder, {}, Cache(None)),), {})
    assert "https://example.com/charts" in text(listed, color=False)
    assert "hunter2" not in text(listed, color=False) + json.dumps(as_json(listed)) + repr(done.diagnostics)


def test_an_archive_that_somebody_changed_is_not_removed(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        pulled(folder, environment, release(server.chart(ARCHIVE)), vendor=True)
    (folder / VENDORED).write_bytes(b"mine")
    assert pulled(folder, environment).removed == ()


def test_one_that_cannot_be_fetched_is_a_finding(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        server.answers["/index.yaml"] = Answer(status=403)
        problems = pulled(folder, environment, release(server.url), release(server.url, ">1")).diagnostics
    assert [(one.code, one.message.rpartition(": ")[2]) for one in problems] == [
        ("GP827", "it answers 403"),
        ("GP827", "its version is not exact"),
    ]


def test_what_can_be_fetched_is_kept_where_others_cannot(folder: Path, environment: dict[str, str]) -> None:
    with served() as server:
        shop = release(server.chart(ARCHIVE))
        done = pulled(folder, environment, shop, release(server.url, "9.9.9"))
    assert (done.fetched, len(done.diagnostics)) == ((shop.chart,), 1)
    assert set(read_records(folder)) == {shop.chart}


def test_a_folder_of_archives_that_leads_elsewhere_is_not_written_to(
    folder: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "charts").symlink_to(tmp_path / "elsewhere")
    with served() as server, pytest.raises(DiagnosticsError) as caught:
        pulled(folder, environment, release(server.chart(ARCHIVE)), vendor=True)
    assert [one.code for one in caught.value.diagnostics] == ["GP403"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_without_helm_has_no_charts(folder: Path, environment: dict[str, str]) -> None:
    (folder / "main.tf").write_text('output "a" {\n  value = 1\n}\n')
    tools = Tools(environment=environment)
    assert list_charts(folder, tools, QUIET).found == ()
    assert pull_charts(folder, tools, QUIET).written == ()
