"""The rendered pipelines of GitLab, played from a merge request to an apply, on a cloud that remembers."""

from __future__ import annotations

import pytest

from tests.pipelines.gitlab import Event, InvalidError, Lab, Pipeline, holds
from tests.pipelines.site import FOLDER, NODES, PROJECT_ID, RANKER, Site, more

PROD = "cpu-serving"
NOTES = f"/projects/{PROJECT_ID}/merge_requests/7/notes"


@pytest.fixture
def lab(applied: Site) -> Lab:
    """GitLab with the project, set up as docs/pipelines.md says."""
    return gitlab(applied)


def gitlab(site: Site) -> Lab:
    made = Lab(site, {f"{PROD}-apply": frozenset({"ml-platform"})})
    site.forge.allows = made.allows
    return made


def proposed(lab: Lab, *, fork: bool = False) -> tuple[Pipeline, str]:
    """A merge request that changes one environment, and its last commit."""
    lab.site.edit(FOLDER, more)
    head = lab.site.commit("change")
    event = Event("merge_request_event", head, "change", lab.site.head(), request=7, fork=fork)
    pipeline = lab.happens(event)
    assert pipeline
    return pipeline, head


def merged(lab: Lab, head: str) -> Pipeline:
    """What runs when it is merged."""
    before, after = lab.site.squash(head)
    pipeline = lab.happens(Event("push", after, "main", before))
    assert pipeline
    return pipeline


def by_hand(lab: Lab, **said: str) -> Pipeline:
    """What a person starts, with variables."""
    variables = {"GROUNDPLAN_TARGET": PROD, **said}
    pipeline = lab.happens(Event("web", lab.site.head(), "main", variables=variables))
    assert pipeline
    return pipeline


def applying(pipeline: Pipeline) -> dict[str, str]:
    """Jobs of the child pipeline."""
    child = pipeline.jobs[f"{PROD}:apply"].child
    assert child
    return child.results()


@pytest.mark.slow
@pytest.mark.long
def test_a_merge_request_is_told_merged_approved_and_applied(lab: Lab) -> None:
    pipeline, head = proposed(lab)
    assert pipeline.results() == dict.fromkeys(("check", "gate", "plan", "report"), "success"), pipeline.log
    [note] = lab.site.forge.items[NOTES]
    assert "| 20-platform | 1 to be updated |" in note["body"]
    pipeline = merged(lab, head)
    assert pipeline.results() == {"save": "success", "apply": "manual"}, pipeline.log
    assert (pipeline.status, lab.site.nodes()) == ("manual", 1)
    lab.play(pipeline, f"{PROD}:apply", by="ml-platform")
    assert (pipeline.status, pipeline.results()["apply"]) == ("success", "success"), pipeline.log
    assert lab.site.nodes() == 4
    assert lab.site.roles() == {f"{PROD}-ci-plan", f"{PROD}-ci-drift", f"{PROD}-ci-apply"}
    again = by_hand(lab, GROUNDPLAN_ACTION="apply")
    assert again.results() == {"save": "success", "apply": "success"}, again.log
    assert again.status == "success" and applying(again) == {"nothing": "success"}, "nobody is asked"
    wrong = by_hand(lab, GROUNDPLAN_ACTION="apply", GROUNDPLAN_CONFIRM="another")
    assert wrong.results() == {"save": "failed", "apply": "skipped"}, wrong.log


@pytest.mark.slow
@pytest.mark.long
def test_a_merge_is_approved_and_applied_on_google_cloud(on_google: Site) -> None:
    lab = gitlab(on_google)
    lab.site.edit(FOLDER, more)
    pipeline = merged(lab, lab.site.commit("change"))
    assert pipeline.results() == {"save": "success", "apply": "manual"}, pipeline.log
    before = lab.site.nodes()
    lab.play(pipeline, f"{PROD}:apply", by="ml-platform")
    assert (pipeline.status, lab.site.nodes()) == ("success", before + 3), pipeline.log
    assert lab.site.roles() == {f"{PROD}-ci-drift", f"{PROD}-ci-apply"}


@pytest.mark.slow
@pytest.mark.long
def test_what_is_not_touched_ends_green_without_a_token_for_the_cloud(lab: Lab) -> None:
    """Prices lie in the folder, where `changes` sees them, and touch nothing."""
    cost = lab.site.work / FOLDER / "COST.md"
    cost.write_text(cost.read_text("utf-8") + "\n", encoding="utf-8")
    before, after = lab.site.squash(lab.site.commit("prices"))
    pipeline = lab.happens(Event("push", after, "main", before))
    assert pipeline
    assert pipeline.results() == {"save": "success", "apply": "success"}, pipeline.log
    assert pipeline.status == "success" and applying(pipeline) == {"nothing": "success"}, "nobody is asked"
    assert "nothing to apply" in pipeline.log
    assert not lab.site.sts.sessions, "nobody has logged in"


@pytest.mark.slow
@pytest.mark.long
def test_a_merge_request_of_a_fork_is_checked_and_gets_no_token(lab: Lab) -> None:
    """Its pipeline runs in the fork, whose own id it has for its project's."""
    pipeline, _ = proposed(lab, fork=True)
    assert pipeline.results() == {"check": "success", "gate": "success"}, pipeline.log
    assert (lab.asked, dict(lab.site.forge.items)) == ([], {})


@pytest.mark.slow
@pytest.mark.long
def test_drift_and_a_destroy_by_hand(lab: Lab) -> None:
    lab.site.operator.cloud.store.edit(NODES, {"node_group_name_prefix": RANKER}, labels={"by": "hand"})
    pipeline = lab.happens(Event("schedule", lab.site.head(), "main"))
    assert pipeline
    assert {name: one.result for name, one in pipeline.jobs.items() if name.startswith(PROD)} == {
        f"{PROD}:drift": "success",
        f"{PROD}:drift-issue": "success",
    }, pipeline.log
    assert len(lab.site.forge.items[f"/projects/{PROJECT_ID}/issues"]) == 1
    said = {"GROUNDPLAN_CONFIRM": PROD, "GROUNDPLAN_ALLOW": "destroys-data"}
    pipeline = by_hand(lab, GROUNDPLAN_ACTION="destroy", **said)
    assert pipeline.results() == {"destroy": "manual"}
    lab.play(pipeline, f"{PROD}:destroy", by="ml-platform")
    assert pipeline.results() == {"destroy": "success"}, pipeline.log


def test_conditions_of_rules() -> None:
    variables = {"A": "x", "B": "x"}
    assert holds('$A == $B && $C != "y"', variables)
    assert not holds('$A == "y" || $C', variables)
    with pytest.raises(InvalidError):
        holds("A ==", variables)
