"""What is looked at before Terraform runs: the way to the cluster, and variables that would change a run."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from groundplan.app.live.connected import connected
from groundplan.app.live.guards import unreachable, without_bucket
from groundplan.cli.common import ConsoleProgress, exit_code_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.plugins import is_configured
from groundplan.live.program import LiveProgram
from groundplan.live.terraform import Live
from groundplan.views.console import Console
from tests.live.kube import FakeCluster, fake_cluster
from tests.unit.live.environments import NAME, PROJECT, Demo
from tests.unit.live.google import refused

CLUSTER = f"/v1/projects/{PROJECT}/locations/us-central1/clusters/{NAME}"
PROGRAM = LiveProgram(("false",), "terraform", (1, 11, 4))


def live(demo: Demo, **environment: str) -> Live:
    return Live(PROGRAM, demo.folder, {"HOME": str(demo.folder.parent), **environment}, None, lambda _: None)


@pytest.fixture
def closed() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def answer(demo: Demo, port: int, *, private: bool = True) -> None:
    demo.session.answers[CLUSTER] = {
        "endpoint": f"127.0.0.1:{port}",
        "privateClusterConfig": {"enablePrivateEndpoint": private},
    }


@pytest.mark.parametrize(("private", "word"), [(True, "is private"), (False, "is open to some ranges")])
def test_a_cluster_that_does_not_answer_stops_the_root_that_talks_to_it(
    demo: Demo, closed: int, private: bool, word: str
) -> None:
    answer(demo, closed, private=private)
    at = connected(demo.folder, {}, ConsoleProgress(Console.of_process({})))
    found = unreachable(at, live(demo), "20-platform")
    assert found and found.code == "GP822" and word in found.message
    assert exit_code_of([found]) == 5
    assert unreachable(at, live(demo), "10-foundation") is None
    assert unreachable(at, live(demo, HTTPS_PROXY="http://proxy:3128"), "20-platform") is None


def test_a_bucket_that_is_gone_is_named_before_terraform_runs(demo: Demo) -> None:
    at = connected(demo.folder, {}, ConsoleProgress(Console.of_process({})))
    first, foundation, _ = at.standing.states
    assert without_bucket(at, foundation, None) is None
    demo.session.bucket = "another"
    found = without_bucket(at, foundation, None)
    assert found and found.code == "GP817" and found.hint and "--root 00-state` makes it" in found.hint
    assert exit_code_of([found]) == 5
    assert without_bucket(at, first, None) is None, "its state is a file"


def test_a_cluster_that_answers_or_that_nobody_may_look_at_stops_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundplan.live.kube.READ_SECONDS", 0.1)
    at = connected(demo.folder, {}, ConsoleProgress(Console.of_process({})))
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer(demo, server.getsockname()[1])
        assert unreachable(at, live(demo), "20-platform") is None
    for refusal in (refused(404, "Not Found"), refused(403, "container.clusters.get")):
        demo.session.answers[CLUSTER] = refusal
        assert unreachable(at, live(demo), "20-platform") is None


@pytest.fixture
def cluster(demo: Demo, tmp_path: Path) -> Iterator[FakeCluster]:
    with fake_cluster(tmp_path) as made:
        endpoint = made.url.removeprefix("https://")
        demo.session.answers[CLUSTER] = {"endpoint": endpoint, "masterAuth": {"clusterCaCertificate": made.ca}}
        yield made


class TestRights:
    def found(self, demo: Demo, **reading: bool) -> Diagnostic | None:
        at = connected(demo.folder, {}, ConsoleProgress(Console.of_process({})))
        runs = live(demo).reading(**reading) if reading else live(demo)
        return unreachable(at, runs, "20-platform")

    def test_who_may_all_that_is_done_is_let_through(self, demo: Demo, cluster: FakeCluster) -> None:
        assert self.found(demo) is None
        assert cluster.reviewed == [
            "create namespaces",
            "create secrets",
            "create clusterrolebindings",
        ]

    def test_who_may_not_is_told_what_and_how_to_get_in(self, demo: Demo, cluster: FakeCluster) -> None:
        cluster.denied = {"create secrets", "create clusterrolebindings", "get namespaces"}
        found = self.found(demo)
        assert found and found.code == "GP826" and exit_code_of([found]) == 5
        assert found.message == (
            "20-platform: ada@example.com may not create secrets, create clusterrolebindings in cluster demo"
        )
        assert found.hint and "roles/container.admin" in found.hint
        assert self.found(demo, refresh=True, lock=False) is None, "a plan makes nothing, and may read what it is let"

    def test_who_is_a_stranger_is_told_so(self, demo: Demo, cluster: FakeCluster) -> None:
        cluster.strangers = True
        found = self.found(demo, refresh=True, lock=True)
        assert found and found.message == "20-platform: ada@example.com is not known to cluster demo"

    def test_a_plan_that_reads_nothing_of_the_cluster_asks_nothing(self, demo: Demo, cluster: FakeCluster) -> None:
        cluster.strangers = True
        assert self.found(demo, refresh=False, lock=True) is None
        assert not cluster.tokens

    def test_a_cluster_that_gives_no_such_answer_stops_nothing(
        self, demo: Demo, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for answer in ((500, {}), (201, {}), (201, {"status": None}), (404, {})):
            monkeypatch.setattr(cluster, "review", lambda _about, answer=answer: answer)
            assert self.found(demo) is None


def test_values_of_the_spec_are_not_taken_from_the_environment(demo: Demo) -> None:
    with pytest.raises(DiagnosticsError, match="GP823: TF_VAR_account_id, TF_VAR_region would be used instead"):
        live(demo, TF_VAR_region="eu-west-1", TF_VAR_account_id="1", TF_VAR_password="kept-for-a-file-of-the-users")


def test_what_would_make_another_command_of_it_is_left_out_and_told(demo: Demo) -> None:
    found = live(demo, TF_CLI_ARGS_apply="-destroy", TF_WORKSPACE="other", TF_VAR_mine="1", AWS_PROFILE="p")
    assert found.left_out == ["TF_CLI_ARGS_apply", "TF_WORKSPACE"]


@pytest.mark.parametrize(
    ("program", "files", "variables", "configured"),
    [
        ("terraform", {}, {}, False),
        ("terraform", {".terraformrc": 'plugin_cache_dir = "$HOME/cache"\n'}, {}, True),
        ("terraform", {".terraformrc": '# plugin_cache_dir = "x"\n'}, {}, False),
        ("terraform", {".terraformrc": 'plugin_cache_dir = "x"\n'}, {"TF_PLUGIN_CACHE_DIR": "/mine"}, False),
        ("terraform", {".terraform.d/a.tfrc": 'plugin_cache_dir="x"\n'}, {}, True),
        ("terraform", {".tofurc": 'plugin_cache_dir = "x"\n'}, {}, False),
        ("tofu", {".tofurc": 'plugin_cache_dir = "x"\n'}, {}, True),
        ("tofu", {".terraformrc": 'plugin_cache_dir = "x"\n'}, {}, True),
        ("terraform", {"named": 'plugin_cache_dir = "x"\n'}, {"TF_CLI_CONFIG_FILE": "named"}, True),
        ("terraform", {".terraformrc": 'plugin_cache_dir = "x"\n'}, {"TF_CLI_CONFIG_FILE": "/dev/null"}, False),
    ],
)
def test_a_cache_of_providers_that_the_operator_has_configured_is_used(
    program: str, files: Mapping[str, str], variables: Mapping[str, str], configured: bool, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    named = {name: str(tmp_path / value) if value in files else value for name, value in variables.items()}
    assert is_configured(program, {"HOME": str(tmp_path), **named}) is configured
