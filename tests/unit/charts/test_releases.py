"""Releases of a plan, and where their charts are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan.charts.cache import Cache
from groundplan.charts.find import Origin, find
from groundplan.charts.records import CHARTS_FILE, Record, read_records, records_text
from groundplan.charts.releases import ChartName, Release, charts_of, releases
from groundplan.diagnostics import DiagnosticsError
from tests.unit.charts.served import digest, packed

ARCHIVE = packed()
NAME = ChartName("https://charts.example.com", "shop", "1.2.3")
RELEASE = Release("20-platform", "helm_release.shop", "shop", "shops", NAME)
RECORD = Record(repository=NAME.repository, chart="shop", version="1.2.3", sha256=digest(ARCHIVE))


def planned(unknown: dict[str, Any] | None = None, **after: Any) -> Release:
    change = {
        "address": "helm_release.shop",
        "mode": "managed",
        "type": "helm_release",
        "change": {"actions": ["create"], "after": {"name": "shop"} | after, "after_unknown": unknown or {}},
    }
    (release,) = releases({"root": {"resource_changes": [change]}})
    return release


def test_a_release_is_what_the_plan_says() -> None:
    release = planned(namespace="shops", repository="https://charts.example.com/", chart="shop", version="1.2.3")
    assert (release.namespace, release.chart, release.local) == ("shops", NAME, None)
    assert planned(chart="./chart").local == "./chart"
    assert planned(chart="./chart").namespace == "default"


def test_a_registry_may_stand_in_the_name_of_the_chart() -> None:
    assert planned(chart="oci://example.com/team/shop", version="1.0.0").chart == ChartName(
        "oci://example.com/team", "shop", "1.0.0"
    )


def test_set_blocks_are_kept_in_their_order() -> None:
    release = planned(
        chart="c",
        set=[{"name": "a.b", "value": "1"}, {"name": "c", "value": "2", "type": "string"}],
        set_list=[{"name": "d", "value": ["x", "y"]}],
    )
    assert release.sets == (("auto", "a.b=1"), ("string", "c=2"), ("auto", "d={x,y}"))


def test_what_only_an_apply_knows_is_named() -> None:
    assert planned({"values": [False, True], "id": True}, chart="c", values=["a: 1"]).unknown == ("values",)
    assert planned({"values": [False], "metadata": True, "version": True}, chart="c", values=["a: 1"]).unknown == ()


def test_a_release_that_goes_is_none() -> None:
    gone = {"mode": "managed", "type": "helm_release", "address": "a", "change": {"actions": ["delete"], "after": None}}
    assert releases({"root": {"resource_changes": [gone, {"type": "other", "mode": "managed"}]}}) == []


def test_charts_are_those_of_repositories_each_once() -> None:
    assert charts_of([RELEASE, RELEASE, planned(chart="./chart")]) == [NAME]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (NAME, ""),
        (ChartName("oci://a/b", "c", "v1.2.3-rc.1+x"), ""),
        (ChartName("", "shop", "1.2.3"), "it names no repository"),
        (ChartName("https://me:word@a", "shop", "1.2.3"), "its address holds credentials"),
        (ChartName("oci://word@a/b", "shop", "1.2.3"), "its address holds credentials"),
        (ChartName("https://a", "../shop", "1.2.3"), "its chart has no name that a repository could have"),
        (ChartName("https://a", "shop", "~1.2"), "its version is not exact"),
        (ChartName("https://a", "shop", ""), "its version is not exact"),
    ],
)
def test_a_chart_is_named_exactly_or_not_at_all(name: ChartName, problem: str) -> None:
    assert name.problem == problem


def test_a_chart_is_told_without_credentials() -> None:
    assert ChartName("https://me:word@a/b", "c", "1").shown == ChartName("https://a/b", "c", "1")
    local = ChartName("", "https://me:word@a/b.tgz", "")
    assert "word" not in f"{local} {local.shown}"


@pytest.mark.parametrize(
    ("name", "namespace", "problem"),
    [
        ("shop-1.a", "shops", ""),
        ("a" * 53, "default", ""),
        ("a" * 54, "default", "its name is none that Helm takes"),
        ("--post-renderer=/bin/sh", "default", "its name is none that Helm takes"),
        ("Shop", "default", "its name is none that Helm takes"),
        ("", "default", "its name is none that Helm takes"),
        ("shop", "--kubeconfig=/a", "its namespace has no valid name"),
    ],
)
def test_a_release_has_a_name_that_helm_takes(name: str, namespace: str, problem: str) -> None:
    assert planned(chart="c", name=name, namespace=namespace).problem.partition(":")[0] == problem


def test_a_chart_is_found_in_the_cache_by_its_digest(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.keep(ARCHIVE)
    found = find(RELEASE, tmp_path, {NAME: RECORD}, cache)
    assert (found.origin, found.path) == (Origin.CACHED, tmp_path / "cache" / f"{digest(ARCHIVE)}.tgz")
    assert find(RELEASE, tmp_path, {}, cache).reason == "it was never pulled: `groundplan charts pull` fetches it"


def test_what_lies_in_the_cache_under_the_name_of_another_is_not_taken(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / f"{digest(ARCHIVE)}.tgz").write_bytes(b"another")
    found = find(RELEASE, tmp_path, {NAME: RECORD}, cache)
    assert (found.origin, found.problem) == (Origin.MISSING, None)


def test_a_vendored_archive_is_held_to_its_digest(tmp_path: Path) -> None:
    vendored = RECORD.model_copy(update={"vendored": True})
    (tmp_path / "charts").mkdir()
    (tmp_path / vendored.file).write_bytes(ARCHIVE)
    assert find(RELEASE, tmp_path, {NAME: vendored}, Cache(None)).origin is Origin.VENDORED
    (tmp_path / vendored.file).write_bytes(b"another")
    problem = find(RELEASE, tmp_path, {NAME: vendored}, Cache(None)).problem
    assert problem is not None
    assert (problem.code, problem.message) == ("GP609", f"{vendored.file} is not the archive that was pulled")


def test_a_chart_of_the_folder_stays_in_it(tmp_path: Path) -> None:
    chart = tmp_path / "folder" / "20-platform" / "chart"
    chart.mkdir(parents=True)
    (chart / "Chart.yaml").write_text("name: shop\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "Chart.yaml").write_text("name: shop\n")

    def local(path: str) -> Origin:
        release = Release("20-platform", "a", "a", "a", ChartName("", path, ""))
        return find(release, tmp_path / "folder", {}, Cache(None)).origin

    assert local("./chart") is Origin.FOLDER
    assert local("../20-platform/chart") is Origin.FOLDER
    assert local("../../outside") is Origin.MISSING
    assert local("nothing") is Origin.MISSING


def test_records_are_read_as_they_are_written(tmp_path: Path) -> None:
    assert read_records(tmp_path) == {}
    (tmp_path / CHARTS_FILE).write_text(records_text([RECORD]))
    assert read_records(tmp_path) == {NAME: RECORD}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Invalid JSON"),
        ('{"charts": [{"repository": "https://a", "chart": "../x", "version": "1.0.0", "sha256": "S"}]}', "no name"),
        ('{"charts": [{"repository": "https://a", "chart": "x", "version": "1.0.0", "sha256": "1"}]}', "sha256"),
    ],
)
def test_records_that_cannot_be_trusted_are_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / CHARTS_FILE).write_text(text.replace('"S"', f'"{"0" * 64}"'))
    with pytest.raises(DiagnosticsError, match=words) as caught:
        read_records(tmp_path)
    assert [one.code for one in caught.value.diagnostics] == ["GP402"]
