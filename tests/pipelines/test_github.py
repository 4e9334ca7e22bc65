"""The rendered workflows of GitHub, played from a pull request to an apply, on a cloud that remembers."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest

from tests.live.failures import held_at
from tests.pipelines.github import FORK_ID, Event, Hub, Run, claims_of
from tests.pipelines.google import Google
from tests.pipelines.issuer import RefusedError, token
from tests.pipelines.process import Patience
from tests.pipelines.site import FOLDER, NODES, OTHER, POOL, PROVIDERS, RANKER, REPOSITORY_ID, more

pytestmark = pytest.mark.slow
long = pytest.mark.long
PROD, LAB = "cpu-serving", "cpu-lab"
COMMENTS, ISSUES = "/repos/acme/infra/issues/7/comments", "/repos/acme/infra/issues"


def proposed(hub: Hub, folder: str = FOLDER, *, fork: bool = False) -> tuple[dict[str, Run], str]:
    """A pull request that changes an environment; its runs by environment, and its last commit."""
    hub.site.edit(folder, more)
    head = hub.site.commit("change")
    return pushed_to(hub, head, fork=fork), head


def pushed_to(hub: Hub, head: str, *, fork: bool = False, base: str = "", only: str = "") -> dict[str, Run]:
    """What runs for the last commit of a pull request; `only` some jobs of it."""
    merged = hub.site.merged(head, "refs/pull/7/merge")
    hub.only = frozenset(only.split())
    pull = {
        "number": 7,
        "base": {"sha": base or hub.site.head(), "ref": "main"},
        "head": {"sha": head, "repo": {"id": FORK_ID if fork else REPOSITORY_ID}},
    }
    payload = {"pull_request": pull, "base_ref": "main"}
    return by_name(hub.happens(Event("pull_request", "refs/pull/7/merge", merged, payload, fork=fork)))


def merged(hub: Hub, head: str) -> dict[str, Run]:
    """What runs when a pull request is merged."""
    before, after = hub.site.squash(head)
    return by_name(hub.happens(Event("push", "refs/heads/main", after, {"before": before})))


def dispatched(hub: Hub, action: str, confirm: str = "", allow: str = "") -> Run:
    """What a person starts by hand."""
    payload = {"workflow": f".github/workflows/groundplan-{PROD}.yml"}
    inputs = {"action": action, "confirm": confirm, "allow": allow}
    [made] = hub.happens(Event("workflow_dispatch", "refs/heads/main", hub.site.head(), payload, inputs))
    return made


def cancelled_while(hub: Hub, run: Run, hangs: Callable[[], None]) -> None:
    """A person approves an apply, and cancels it when it waits for the cloud."""
    approving = Thread(target=hub.approve, args=(run, "apply", "ml-platform"))
    approving.start()
    hangs()
    run.cancel.set()
    approving.join()


def by_name(runs: list[Run]) -> dict[str, Run]:
    return {one.workflow.rpartition("/groundplan-")[2].removesuffix(".yml"): one for one in runs}


def logs(run: Run) -> str:
    """All that anybody reads."""
    return "\n".join(f"--- {name}\n{job.log}{job.summary}" for name, job in run.jobs.items())


def told(hub: Hub, runs: list[Run]) -> str:
    """What stands in logs, comments and artifacts."""
    items = [str(one) for found in hub.site.forge.items.values() for one in found]
    kept = [data.decode() for run in runs for files in run.artifacts.values() for data in files.values()]
    return "\n".join((*map(logs, runs), *items, *kept))


def test_an_environment_is_applied_as_it_was_approved_and_then_nothing_is_left(first: Hub) -> None:
    run = dispatched(first, "apply")
    assert run.results() == {"affected": "success", "save": "success", "apply": "waiting"}, logs(run)
    assert first.site.operator.cloud.store.count("aws_eks_cluster") == 0
    first.approve(run, "apply", by="ml-platform")
    assert (run.jobs["apply"].result, first.site.nodes()) == ("failure", 1), logs(run)
    assert "20-platform is no part of what was approved: it could be planned only after" in logs(run)
    run = dispatched(first, "apply")
    first.approve(run, "apply", by="ml-platform")
    assert (run.jobs["apply"].result, first.site.nodes()) == ("success", 1), logs(run)
    assert first.site.roles() == {f"{PROD}-ci-drift", f"{PROD}-ci-apply"}
    again = dispatched(first, "apply")
    assert again.results() == {"affected": "success", "save": "success"}, "nobody is asked"
    assert again.jobs["save"].outputs["pending"] == "false"


@long
def test_a_pull_request_is_checked_planned_and_told_in_one_comment(hub: Hub) -> None:
    runs, _ = proposed(hub)
    done = dict.fromkeys(("affected", "check", "gate", "plan", "report"), "success")
    assert runs[PROD].results() == done, logs(runs[PROD])
    assert runs[LAB].results() == {"affected": "success"}, "it is not touched"
    [comment] = hub.site.forge.items[COMMENTS]
    assert "| 20-platform | 1 to be updated |" in comment["body"]
    assert {one["sub"] for one in hub.asked} == {"repo:acme@1234/infra@5678:pull_request"}
    assert hub.site.roles() == {f"{PROD}-ci-plan"}
    assert list(runs[PROD].findings) == [PROD]
    hub.code_scanning = False
    hub.site.edit(FOLDER, more)
    again = pushed_to(hub, hub.site.commit("change"), only="affected check report")
    assert (again[PROD].jobs["check"].result, again[PROD].findings) == ("success", {})
    assert again[PROD].jobs["report"].result == "success", "a repository need not have code scanning"
    [updated] = hub.site.forge.items[COMMENTS]
    assert updated["id"] == comment["id"]
    everything = told(hub, hub.runs)
    assert not [secret for secret in hub.site.sts.secrets if secret in everything]


@long
def test_a_pull_request_is_compared_with_what_it_is_merged_into(hub: Hub) -> None:
    """The default branch has moved on in another environment since the event's `base.sha`."""
    hub.site.edit(FOLDER, more)
    head = hub.site.commit("change")
    before = hub.site.head()
    hub.site.edit(OTHER, more)
    hub.site.commit()
    runs = pushed_to(hub, head, base=before, only="affected")
    assert {name: one.jobs["affected"].outputs["touched"] for name, one in runs.items()} == {PROD: "true", LAB: "false"}


@long
def test_a_fork_is_checked_and_gets_no_token(hub: Hub) -> None:
    runs, _ = proposed(hub, fork=True)
    assert runs[PROD].results() == dict.fromkeys(("affected", "check", "gate"), "success"), logs(runs[PROD])
    writes = {name for job in runs[PROD].jobs.values() for name, level in job.permissions.items() if level == "write"}
    assert (hub.asked, writes, dict(hub.site.forge.items)) == ([], set(), {})


@long
def test_what_was_approved_after_a_merge_is_applied_and_then_there_is_nothing_left(hub: Hub) -> None:
    hub.site.edit(FOLDER, more)
    runs = merged(hub, hub.site.commit("change"))
    assert runs[LAB].results() == {"affected": "success"}
    run = runs[PROD]
    assert run.results() == {"affected": "success", "save": "success", "apply": "waiting"}, logs(run)
    assert "| 20-platform | 1 to be updated |" in run.jobs["save"].summary
    assert hub.site.nodes() == 1
    hub.approve(run, "apply", by="ml-platform")
    assert (run.jobs["apply"].result, hub.site.nodes()) == ("success", 4), logs(run)
    assert hub.site.roles() == {f"{PROD}-ci-drift", f"{PROD}-ci-apply"}
    again = dispatched(hub, "apply")
    assert again.results() == {"affected": "success", "save": "success"}, "nothing to apply, nobody is asked"
    assert again.jobs["save"].outputs["pending"] == "false"


@long
def test_a_plan_that_is_stale_is_refused_and_made_anew_by_hand(hub: Hub) -> None:
    hub.site.edit(FOLDER, more)
    first = merged(hub, hub.site.commit("change"))[PROD]
    second = dispatched(hub, "apply")
    hub.approve(second, "apply", by="ml-platform")
    assert (second.jobs["apply"].result, hub.site.nodes()) == ("success", 4), logs(second)
    hub.approve(first, "apply", by="ml-platform")
    assert first.jobs["apply"].result == "failure"
    assert "GP414" in first.jobs["apply"].log, logs(first)
    assert dispatched(hub, "apply").jobs["save"].outputs["pending"] == "false"


@long
def test_a_cancelled_apply_gives_its_lock_back_and_a_killed_one_says_what_to_do(hub: Hub) -> None:
    hub.site.edit(FOLDER, more)
    run = merged(hub, hub.site.commit("change"))[PROD]
    with held_at(hub.site.operator, NODES, "update") as hangs:
        cancelled_while(hub, run, hangs)
    lock = hub.site.operator.lock_key("10-foundation")
    assert (run.jobs["apply"].result, hub.site.operator.get(lock)) == ("cancelled", None), logs(run)
    hub.patience = Patience(0, 0)
    run = dispatched(hub, "apply")
    with held_at(hub.site.operator, NODES, "update") as hangs:
        cancelled_while(hub, run, hangs)
    assert hub.site.operator.get(lock) is not None, "it was killed before Terraform had ended"
    run = dispatched(hub, "apply")
    assert run.jobs["save"].result == "success", "plans write no lock"
    hub.approve(run, "apply", by="ml-platform")
    assert run.jobs["apply"].result == "failure"
    assert "groundplan unlock" in run.jobs["apply"].log, logs(run)


@long
def test_drift_opens_one_issue_updates_and_closes_it(hub: Hub) -> None:
    def look() -> Run:
        runs = by_name(hub.happens(Event("schedule", "refs/heads/main", hub.site.head())))
        assert runs[PROD].results() == dict.fromkeys(("affected", "drift", "drift-issue"), "success"), logs(runs[PROD])
        return runs[PROD]

    look()
    assert not hub.site.forge.items.get(ISSUES)
    hub.site.operator.cloud.store.edit(NODES, {"node_group_name_prefix": RANKER}, labels={"by": "hand"})
    look()
    [issue] = hub.site.forge.items[ISSUES]
    assert "serving.pools.ranker" in issue["body"], issue["body"]
    look()
    assert hub.site.forge.items[ISSUES] == [issue]
    hub.site.back_to_cloud("applied")
    look()
    [closed] = hub.site.forge.items[ISSUES]
    assert closed["state"] == "closed"


@long
def test_the_whole_way_on_google_cloud(google_hub: Hub) -> None:
    """A pull request, its merge, an apply, drift and a destroy, each as the account that its token is for."""
    hub = google_hub
    runs, head = proposed(hub)
    done = dict.fromkeys(("affected", "check", "gate", "plan", "report"), "success")
    assert runs[PROD].results() == done, logs(runs[PROD])
    [comment] = hub.site.forge.items[COMMENTS]
    assert "| 20-platform |" in comment["body"]
    assert hub.site.roles() == {f"{PROD}-ci-plan"}
    run = merged(hub, head)[PROD]
    assert run.results() == {"affected": "success", "save": "success", "apply": "waiting"}, logs(run)
    before = hub.site.nodes()
    hub.approve(run, "apply", by="ml-platform")
    assert (run.jobs["apply"].result, hub.site.nodes()) == ("success", before + 3), logs(run)
    assert hub.site.roles() == {f"{PROD}-ci-{one}" for one in ("plan", "drift", "apply")}
    scaling = {**hub.site.pool["autoscaling"][0], "total_max_node_count": 9}
    hub.site.operator.cloud.store.edit(POOL, {"name": hub.site.pool["name"]}, autoscaling=[scaling])
    drifted = by_name(hub.happens(Event("schedule", "refs/heads/main", hub.site.head())))[PROD]
    assert drifted.jobs["drift"].result == "success", logs(drifted)
    [issue] = hub.site.forge.items[ISSUES]
    assert "serving.pools.ranker" in issue["body"], issue["body"]
    run = dispatched(hub, "destroy", confirm=PROD, allow="destroys-data")
    hub.approve(run, "destroy", by="ml-platform")
    assert run.jobs["destroy"].result == "success", logs(run)
    assert hub.site.operator.cloud.store.count("google_container_cluster") == 0
    everything = told(hub, hub.runs)
    assert not [secret for secret in hub.site.sts.secrets if secret in everything]


@long
def test_a_fork_gets_no_account_on_google_cloud(google_hub: Hub) -> None:
    """Nor does a job of a pull request the account that applies, whatever it asks for."""
    hub = google_hub
    runs, _ = proposed(hub, fork=True)
    assert runs[PROD].results() == dict.fromkeys(("affected", "check", "gate"), "success"), logs(runs[PROD])
    assert not hub.asked and not hub.site.sts.sessions
    service = hub.site.sts
    assert isinstance(service, Google)
    audience = f"{PROVIDERS}github"
    own = claims_of(Event("pull_request", "refs/pull/7/merge", "a"), None, aud=f"https:{audience}")
    member = service.exchanged(audience, token(own))
    assert service.impersonated(account("plan"), member)
    for name in ("drift", "apply"):
        with pytest.raises(RefusedError):
            service.impersonated(account(name), member)
    for changes in ({"aud": "https://github.com/acme"}, {"iss": "https://git.example.com/_services/token"}):
        with pytest.raises(RefusedError):
            service.exchanged(audience, token({**own, **changes}))


def account(name: str) -> str:
    return f"{PROD}-ci-{name}@example-project.iam.gserviceaccount.com"


@long
def test_a_destroy_takes_the_name_and_a_word(hub: Hub) -> None:
    run = dispatched(hub, "destroy", confirm="another")
    hub.approve(run, "destroy", by="ml-platform")
    assert run.jobs["destroy"].result == "failure"
    run = dispatched(hub, "destroy", confirm=PROD, allow="destroys-data")
    assert run.results() == {"affected": "success", "destroy": "waiting"}
    hub.approve(run, "destroy", by="ml-platform")
    assert run.jobs["destroy"].result == "success", logs(run)
    assert hub.site.operator.cloud.store.count("aws_eks_cluster") == 0
    assert hub.site.operator.cloud.store.objects("aws_iam_role", name=f"{PROD}-ci-apply"), (
        "the pipeline's own identities are a person's to destroy"
    )
