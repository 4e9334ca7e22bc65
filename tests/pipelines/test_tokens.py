"""Which role of the environment takes a token that a system would send, by the trust policies in the cloud."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from groundplan.access.model import Given, Verdict
from groundplan.access.world import trusts
from tests.live.world import render, world
from tests.pipelines import github, gitlab, jenkins
from tests.pipelines.site import CI, CLUSTER, Site

pytestmark = [pytest.mark.slow, pytest.mark.long]
PROD = "cpu-serving"
MAIN, MERGE = "refs/heads/main", "refs/pull/7/merge"
REUSABLE = "acme/infra/.github/workflows/groundplan.yml"
PUSH, PULL = github.Event("push", MAIN, "a"), github.Event("pull_request", MERGE, "a")
APPLY = f"{PROD}-apply"
LEGACY = f"repo:acme/infra:environment:{APPLY}"


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> list[Given]:
    """What the root of the pipeline's identities makes on Google Cloud."""
    folder = tmp_path_factory.mktemp("accounts")
    rendered = render("gcp", folder, ci={**CI, "gcp": {"project_number": 987654321012}}, cluster=CLUSTER)
    with world("gcp", rendered, folder) as operator:
        operator.apply("00-state", "05-identity")
        return [Given("", one.key, one.type, one.values) for one in operator.cloud.store.objects()]


def named(found: set[str]) -> set[str]:
    """By what they may do."""
    return {name.partition("@")[0].removeprefix(f"{PROD}-ci-") for name in found if name.startswith(f"{PROD}-ci-")}


def roles(site: Site, claims: Mapping[str, str]) -> set[str]:
    return named(site.takers(claims))


def on_google(resources: list[Given], claims: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether an account takes a token for the audience of the provider, and whether the one that applies does."""
    found = trusts(resources, {**claims, "aud": ""})
    taken = named({one.name for one in found if one.verdict is Verdict.ALLOWED})
    return bool(taken), "apply" in taken


@pytest.mark.parametrize(
    ("claims", "taken"),
    [
        (github.claims_of(PULL, None), {"plan"}),
        (github.claims_of(PUSH, None), {"plan", "drift"}),
        (github.claims_of(PUSH, APPLY), {"apply"}),
        (github.claims_of(github.Event("merge_group", "refs/heads/gh-readonly-queue/main/pr-7-a", "a"), None), set()),
        (github.claims_of(github.Event("push", "refs/heads/other", "a"), None), set()),
        # The protected environment from another branch, a pull request, a workflow of one's own, another environment.
        (github.claims_of(github.Event("push", "refs/heads/other", "a"), APPLY), set()),
        (github.claims_of(PULL, APPLY), set()),
        (github.claims_of(PUSH, APPLY, job_workflow_ref=f"{REUSABLE}@refs/heads/other"), set()),
        (
            github.claims_of(PUSH, APPLY, job_workflow_ref="acme/infra/.github/workflows/mine.yml@refs/heads/main"),
            set(),
        ),
        (github.claims_of(PUSH, "cpu-lab-apply"), set()),
        (github.claims_of(PUSH, f"{APPLY}-2"), set()),
        # A fork, a repository that took the name, names alone, and another audience or server.
        (github.claims_of(PULL, None, sub="repo:eve@6/infra@999:pull_request", repository_id="999"), set()),
        (
            github.claims_of(PUSH, APPLY, sub=f"repo:acme@1234/infra@999:environment:{APPLY}", repository_id="999"),
            set(),
        ),
        (github.claims_of(PUSH, APPLY, sub=LEGACY), set()),
        (github.claims_of(PUSH, APPLY, aud="https://github.com/acme"), set()),
        (github.claims_of(PUSH, APPLY, iss="https://git.example.com/_services/token"), set()),
    ],
)
def test_github(made: Site, accounts: list[Given], claims: Mapping[str, str], taken: set[str]) -> None:
    assert roles(made, claims) == taken
    if claims["aud"] == "sts.amazonaws.com":
        assert on_google(accounts, claims) == (bool(taken), "apply" in taken)


PROPOSED = gitlab.Event("merge_request_event", "a", "change", request=7)
MERGED = gitlab.Event("push", "a", "main")


@pytest.mark.parametrize(
    ("claims", "taken"),
    [
        (gitlab.claims_of(PROPOSED, None), {"plan"}),
        (gitlab.claims_of(MERGED, None), {"plan", "drift", "apply"}),
        (gitlab.claims_of(MERGED, APPLY), {"plan", "drift", "apply"}),
        (gitlab.claims_of(gitlab.Event("push", "a", "main/evil"), APPLY), {"plan"}),
        (gitlab.claims_of(gitlab.Event("merge_request_event", "a", "main", request=7, fork=True), None), set()),
        (gitlab.claims_of(MERGED, APPLY, aud="https://gitlab.com"), set()),
        (gitlab.claims_of(MERGED, APPLY, iss="https://gitlab.example.com"), set()),
        (gitlab.claims_of(MERGED, APPLY, sub="project_path:acme/infra2:ref_type:branch:ref:main"), set()),
        (gitlab.claims_of(MERGED, APPLY, sub="project_path:acme/infra:ref_type:tag:ref:main"), set()),
    ],
)
def test_gitlab(made: Site, claims: Mapping[str, str], taken: set[str]) -> None:
    """AWS compares subject and audience alone: the default branch is what has to be protected."""
    assert roles(made, claims) == taken


@pytest.mark.parametrize(
    ("claims", "taken", "apply"),
    [
        (gitlab.claims_of(PROPOSED, None), True, False),
        (gitlab.claims_of(MERGED, None), True, False),
        (gitlab.claims_of(MERGED, APPLY), True, True),
        (gitlab.claims_of(MERGED, APPLY, ref_protected="false"), True, False),
        (gitlab.claims_of(MERGED, "cpu-lab-apply"), True, False),
        (gitlab.claims_of(MERGED, APPLY, project_id="9"), False, False),
        (gitlab.claims_of(gitlab.Event("push", "a", "main", fork=True), APPLY), False, False),
    ],
)
def test_gitlab_on_google_cloud(accounts: list[Given], claims: Mapping[str, str], taken: bool, apply: bool) -> None:
    """Which compares every claim, the project's number and the environment too."""
    assert on_google(accounts, claims) == (taken, apply)


@pytest.mark.parametrize(
    ("claims", "taken"),
    [
        (jenkins.claims_of(jenkins.Event("a", request=7)), {"plan"}),
        (jenkins.claims_of(jenkins.Event("a")), {"plan", "drift", "apply"}),
        (jenkins.claims_of(jenkins.Event("a", branch="main%252Fevil")), set()),
        (jenkins.claims_of(jenkins.Event("a", branch="other")), set()),
        (jenkins.claims_of(jenkins.Event("a"), sub="https://jenkins.example.com/job/eve/job/infra/job/main/"), set()),
        (jenkins.claims_of(jenkins.Event("a"), iss="https://jenkins.example.org/oidc"), set()),
    ],
)
def test_jenkins(made: Site, accounts: list[Given], claims: Mapping[str, str], taken: set[str]) -> None:
    assert roles(made, claims) == taken
    assert on_google(accounts, claims) == (bool(taken), "apply" in taken)
