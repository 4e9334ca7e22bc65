"""The rendered Jenkinsfile, played from a proposed change to an apply, on a cloud that remembers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.pipelines.groovy import GroovyError, read
from tests.pipelines.jenkins import Build, Controller, Event
from tests.pipelines.site import FOLDER, NODES, OTHER, PROVIDERS, RANKER, Site, more

PROD, LAB = "cpu-serving", "cpu-lab"
CREDENTIALS = [f"groundplan-{name}-{one}" for name in (PROD, LAB) for one in ("plan", "drift", "apply")]
TOKENS = dict.fromkeys(CREDENTIALS, "sts.amazonaws.com")
SECRET = "token-of-the-controller"


@pytest.fixture
def controller(applied: Site) -> Controller:
    """Jenkins with the job, whose last build was of what is applied."""
    return jenkins(applied, TOKENS)


def jenkins(site: Site, tokens: Mapping[str, str]) -> Controller:
    made = Controller(site, {**tokens, "groundplan-comments": SECRET}, approves="ml-platform")
    site.forge.allows = lambda method, path, secret: secret == SECRET
    made.last["main"] = site.head()
    return made


def proposed(controller: Controller, *folders: str, fork: bool = False) -> tuple[Build, str]:
    """A proposed change of environments, and its last commit."""
    for folder in folders or (FOLDER,):
        controller.site.edit(folder, more)
    head = controller.site.commit("change")
    merge = controller.site.merged(head, "refs/pull/7/merge")
    return controller.builds(Event(merge, request=7, fork=fork)), head


@pytest.mark.slow
@pytest.mark.long
def test_a_proposed_change_is_planned_merged_approved_and_applied(controller: Controller) -> None:
    build, head = proposed(controller)
    assert build.results() == dict.fromkeys(("check", "gate", "plan", "report"), "SUCCESS"), build.log
    [comment] = controller.site.forge.items["/repos/acme/infra/issues/7/comments"]
    assert "| 20-platform | 1 to be updated |" in comment["body"]
    assert SECRET not in build.log
    assert b"| 20-platform | 1 to be updated |" in build.archive[f"{PROD}-plan.md"]
    _, after = controller.site.squash(head)
    build = controller.builds(Event(after))
    assert build.results() == dict.fromkeys(("save", "approve apply", "apply"), "SUCCESS"), build.log
    assert controller.site.nodes() == 4
    assert controller.site.roles() == {f"{PROD}-ci-{one}" for one in ("plan", "drift", "apply")}
    build = controller.builds(Event(after, parameters={"GROUNDPLAN_ACTION": "apply", "GROUNDPLAN_TARGET": PROD}))
    assert build.results() == {"save": "SUCCESS"}, build.log


@pytest.mark.slow
@pytest.mark.long
def test_a_merge_is_approved_and_applied_on_google_cloud(on_google: Site) -> None:
    controller = jenkins(on_google, dict.fromkeys(CREDENTIALS, f"https:{PROVIDERS}jenkins"))
    controller.site.edit(FOLDER, more)
    before = controller.site.nodes()
    _, after = controller.site.squash(controller.site.commit("change"))
    build = controller.builds(Event(after))
    assert build.results() == dict.fromkeys(("save", "approve apply", "apply"), "SUCCESS"), build.log
    assert controller.site.nodes() == before + 3
    assert controller.site.roles() == {f"{PROD}-ci-drift", f"{PROD}-ci-apply"}


@pytest.mark.slow
@pytest.mark.long
def test_a_fork_is_checked_and_a_failed_check_hides_no_plan(controller: Controller) -> None:
    build, head = proposed(controller, fork=True)
    assert build.results() == dict.fromkeys(("check", "gate"), "SUCCESS"), build.log
    assert (controller.asked, dict(controller.site.forge.items)) == ([], {})
    readme = controller.site.work / FOLDER / "README.md"
    controller.site.squash(head)
    controller.site.edit(FOLDER, more)
    readme.write_text("mine\n", encoding="utf-8")
    merge = controller.site.merged(controller.site.commit("change"), "refs/pull/7/merge")
    build = controller.builds(Event(merge, request=7))
    assert (build.result, build.stages[f"{PROD}: check"].result) == ("FAILURE", "FAILURE"), build.log
    assert f"{PROD}-cost.md" in build.archive
    assert build.stages[f"{PROD}: plan"].result in ("SUCCESS", "FAILURE"), "it was tried"


@pytest.mark.slow
@pytest.mark.long
def test_an_environment_that_fails_stops_no_other_and_the_build_is_red(controller: Controller) -> None:
    """Nothing of the other one was ever made, not even the bucket for its states."""
    for folder in (OTHER, FOLDER):
        controller.site.edit(folder, more)
    _, after = controller.site.squash(controller.site.commit("change"))
    build = controller.builds(Event(after))
    names = list(build.stages)
    assert names.index(f"{LAB}: save") < names.index(f"{PROD}: save")
    assert build.stages[f"{LAB}: save"].result == "FAILURE", build.log
    assert build.stages[f"{LAB}: apply"].result == "skipped"
    assert build.stages[f"{PROD}: apply"].result == "SUCCESS", build.log
    assert (build.result, controller.site.nodes()) == ("FAILURE", 4)


@pytest.mark.slow
@pytest.mark.long
def test_nobody_approves_and_the_next_build_has_what_was_left(controller: Controller) -> None:
    controller.approves = "somebody else"
    controller.site.edit(FOLDER, more)
    _, after = controller.site.squash(controller.site.commit("change"))
    build = controller.builds(Event(after))
    assert (build.result, controller.site.nodes()) == ("ABORTED", 1), build.log
    controller.approves = "ml-platform"
    after = controller.site.commit()
    build = controller.builds(Event(after))
    assert build.stages[f"{PROD}: apply"].result == "SUCCESS", build.log
    assert controller.site.nodes() == 4


@pytest.mark.slow
@pytest.mark.long
def test_drift_and_a_destroy_by_hand(controller: Controller) -> None:
    controller.site.operator.cloud.store.edit(NODES, {"node_group_name_prefix": RANKER}, labels={"by": "hand"})
    said = {"GROUNDPLAN_ACTION": "drift", "GROUNDPLAN_TARGET": PROD}
    build = controller.builds(Event(controller.site.head(), parameters=said))
    assert build.stages[f"{PROD}: drift"].result == "SUCCESS", build.log
    assert build.archive[f"{PROD}-drift.md"]
    assert len(controller.site.forge.items["/repos/acme/infra/issues"]) == 1
    said = {"GROUNDPLAN_ACTION": "destroy", "GROUNDPLAN_TARGET": PROD, "GROUNDPLAN_CONFIRM": PROD}
    said |= {"GROUNDPLAN_ALLOW": "destroys-data"}
    build = controller.builds(Event(controller.site.head(), parameters=said))
    assert build.results() == {"approve destroy": "SUCCESS", "destroy": "SUCCESS"}, build.log


def test_what_no_rendered_jenkinsfile_has_is_not_read() -> None:
    with pytest.raises(GroovyError):
        read('pipeline { stage("$x") { } }')
