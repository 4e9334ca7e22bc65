"""What the keys of `ci` mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.components.ci.spec import GITHUB, GITLAB
from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_cluster
from groundplan.spec.document import Document, Lookup

_NEEDED = {"github": "repository", "gitlab": "gitlab", "jenkins": "jenkins"}
"""The block that says where a system's pipeline is, by system."""
_EXAMPLES = {
    "repository": "{owner: acme, name: infra, owner_id: 1234, repository_id: 5678}",
    "gitlab": "{project: acme/infra, project_id: 1234}",
    "jenkins": "{url: https://jenkins.example.com, job: platform/infra}",
}

_WAYS_OUT = (
    "name runners inside the network in `ci.runner.labels`, of your own or, on GitHub, `ci.runner.machines`; or, for "
    "hosted ones with fixed addresses, those in `cluster.endpoint.public_cidrs`; or run the pipeline on a system whose "
    "agents are inside, such as jenkins"
)
_FURTHER_WAYS_OUT = {"gcp": "let IAM guard the API by its DNS name, with `cluster.gcp.dns_endpoint: true`; or "}
"""By cloud: what it has beside them."""


def _systems(at: Lookup) -> list[str]:
    said = at.value("ci", "system")
    return [said] if isinstance(said, str) else [text for _, text in at.texts("ci", "system")]


def _where_it_runs(document: Document) -> Iterator[Diagnostic]:
    """Each system has its block, and no other one has."""
    at = document.lookup
    systems = _systems(at)
    said = at.mapping("ci")
    for system, block in _NEEDED.items():
        if system in systems and block not in said:
            message = f"`{block}` is missing in `ci`: {system} needs it"
            hint = f"add `{block}: {_EXAMPLES[block]}`"
            yield document.diagnostic("GP202", message, ("ci", block), hint=hint)
    for system, block in (*_NEEDED.items(), ("github", "github")):
        if systems and system not in systems and block in said:
            message = f"`ci.{block}` has no effect: `ci.system` does not have {system}"
            hint = f"remove it, or add {system} to `ci.system`"
            yield document.diagnostic("GP208", message, ("ci", block), hint=hint, on_key=True)


def _hosted(document: Document) -> Iterator[Diagnostic]:
    """What a system hosts is in no network of the environment, and a plan of the platform asks the cluster's API.

    Google's endpoint with a name lets in from everywhere whom IAM allows, where the spec asks for it.
    """
    at = document.lookup
    if at.has("ci", "runner") or not wants_cluster(at) or at.texts("cluster", "endpoint", "public_cidrs"):
        return
    cloud = str(at.value("cloud", "provider"))
    if at.value("cluster", cloud, "dns_endpoint") is True:
        return
    hosting = [system for system in _systems(at) if system == "github" or (system == "gitlab" and _on_gitlab_com(at))]
    if hosting:
        message = f"runners that {hosting[0]} hosts do not reach the cluster, whose endpoint is private"
        listed = {system: path for path, system in at.texts("ci", "system")}
        hint = _FURTHER_WAYS_OUT.get(cloud, "") + _WAYS_OUT
        yield document.diagnostic("GP208", message, listed.get(hosting[0], ("ci", "system")), hint=hint)


def _on_gitlab_com(at: Lookup) -> bool:
    return bool(at.mapping("ci", "gitlab").get("url", GITLAB) == GITLAB)


def _machines(document: Document) -> Iterator[Diagnostic]:
    """What groundplan makes are runners of GitHub, for jobs that have a cluster to reach."""
    at, path = document.lookup, ("ci", "runner", "machines")
    if at.value(*path) is None:
        return
    if "github" not in _systems(at):
        message = "`ci.runner.machines` are runners of GitHub, which no other system has a use for"
        hint = "remove it, and have runners of your own inside the network"
        yield document.diagnostic("GP208", message, path, hint=hint, on_key=True)
    if not wants_cluster(at):
        message = "`ci.runner.machines` without any pool: there is no cluster to reach"
        hint = "remove it: runners that GitHub hosts reach everything else"
        yield document.diagnostic("GP208", message, path, hint=hint, on_key=True)


def _image(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    if _systems(at) == ["github"] and at.has("ci", "image"):
        message = "`ci.image` has no effect on GitHub, where groundplan is installed from its package"
        yield document.diagnostic("GP208", message, ("ci", "image"), hint="remove it", on_key=True)


def _subject(document: Document) -> Iterator[Diagnostic]:
    """GitHub Enterprise has no immutable subjects: https://github.blog/changelog of 2026-04-23."""
    github = document.lookup.mapping("ci", "github")
    is_own = github.get("url", GITHUB) != GITHUB
    if is_own and github.get("subject") in ("immutable", "both"):
        message = "GitHub Enterprise has no immutable subjects"
        yield document.diagnostic("GP208", message, ("ci", "github", "subject"), hint="remove it", on_key=True)


def _issuer(document: Document) -> Iterator[Diagnostic]:
    jenkins = document.lookup.mapping("ci", "jenkins")
    if jenkins.get("identity") == "agent" and "issuer" in jenkins:
        message = "`ci.jenkins.issuer` has no effect where the agent has an identity of its own"
        yield document.diagnostic("GP208", message, ("ci", "jenkins", "issuer"), hint="remove it", on_key=True)


RULES = (_where_it_runs, _hosted, _machines, _image, _subject, _issuer)
