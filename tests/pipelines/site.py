"""A company's repository, cloud, forge and issuer, where a person has made what no pipeline makes."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from groundplan.access.model import Given, Verdict
from groundplan.access.world import trusts
from tests.live.gcs import TOKEN
from tests.live.world import NAME, World, render, world
from tests.pipelines.google import Google, google
from tests.pipelines.issuer import Claims, Sts, sts
from tests.unit.live.forge import Forge, serving

GROUNDPLAN = Path(sys.executable).with_name("groundplan")
FOLDER, OTHER = "prod", "lab"
OTHER_NAME = "cpu-lab"
NODES, RANKER = "aws_eks_node_group", "serving-ranker-on-demand-"
POOL = "google_container_node_pool"
OWNER_ID, REPOSITORY_ID, PROJECT_ID = 1234, 5678, 4711
CI: dict[str, Any] = {
    "system": ["github", "gitlab", "jenkins"],
    "repository": {"owner": "acme", "name": "infra", "owner_id": OWNER_ID, "repository_id": REPOSITORY_ID},
    "gitlab": {"project": "acme/infra", "project_id": PROJECT_ID},
    "jenkins": {
        "url": "https://jenkins.example.com",
        "job": "platform/infra",
        "comments": {"forge": "github", "project": "acme/infra", "credential": "groundplan-comments"},
    },
    "approvers": ["ml-platform"],
    "drift": {"cron": "0 5 * * *"},
}
CLUSTER = {"endpoint": {"public_cidrs": ["203.0.113.7/32"]}}
PROJECT_NUMBER = 987654321012
PROVIDERS = (
    f"//iam.googleapis.com/projects/{PROJECT_NUMBER}/locations/global/workloadIdentityPools/{NAME}-ci/providers/"
)
"""What begins the audiences of Google's exchange."""
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_OAUTH_ACCESS_TOKEN")
_OPERATORS = {TOKEN, "cloud"}
"""Who is let in without being a job: a person, and the cloud itself."""
_SETTINGS = ("user.name=A", "user.email=a@example.com", "commit.gpgsign=false", "advice.detachedHead=false")


def more(said: dict[str, Any]) -> None:
    """A change of a spec that loses nothing."""
    said["serving"]["pools"]["ranker"]["nodes"]["max"] += 3


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder."""
    options = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = ["git", "-C", str(folder), *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def offline(*words: str | Path) -> None:
    """A command of groundplan at a desk."""
    ran = subprocess.run([GROUNDPLAN, *words], check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@dataclass
class Kept:
    """What a cloud and its state bucket held."""

    folder: Path
    objects: dict[str, bytes]
    buckets: set[str]


@dataclass
class Site:
    """Everything around a pipeline. `work` is a person's clone of `remote`, on the default branch."""

    operator: World
    work: Path
    remote: Path
    forge: Forge
    sts: Sts | Google
    scratch: Path
    kept: dict[str, Kept] = field(default_factory=dict)
    runs: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a runner has of itself: the way to the cloud, and no credentials."""
        apart = {name: text for name, text in self.operator.variables.items() if name not in _CREDENTIALS}
        return {**apart, "AWS_ENDPOINT_URL_STS": self.sts.url} if isinstance(self.sts, Sts) else apart

    def head(self, ref: str = "main") -> str:
        """The commit of a ref in the remote."""
        return git(self.remote, "rev-parse", ref)

    def edit(self, folder: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Changes a spec in the clone, and renders it."""
        spec = self.work / folder / "groundplan.yaml"
        said = yaml.safe_load(spec.read_text("utf-8"))
        change(said)
        spec.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
        offline("render", spec, "-o", self.work / folder)

    def commit(self, branch: str = "main") -> str:
        """Commits all of the clone to a branch of the remote; the clone goes back to the default branch."""
        if branch != "main":
            git(self.work, "checkout", "--quiet", "-B", branch)
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", "x")
        git(self.work, "push", "--quiet", "--force", "origin", branch)
        made = git(self.work, "rev-parse", "HEAD")
        git(self.work, "checkout", "--quiet", "main")
        return made

    def merged(self, head: str, ref: str) -> str:
        """What a forge makes of a proposed change and the default branch, as a ref of the remote."""
        git(self.work, "checkout", "--quiet", "--detach", "main")
        git(self.work, "merge", "--quiet", "--no-ff", "--message", "merge", head)
        made = git(self.work, "rev-parse", "HEAD")
        git(self.work, "push", "--quiet", "--force", "origin", f"HEAD:{ref}")
        git(self.work, "checkout", "--quiet", "main")
        return made

    def squash(self, head: str) -> tuple[str, str]:
        """Merges a proposed change as one commit; the default branch before and after."""
        before = self.head()
        git(self.work, "merge", "--quiet", "--squash", head)
        return before, self.commit()

    def checkout(self, commit: str, folder: Path) -> None:
        """A clone with all of its history, as a job has it."""
        git(self.remote, "clone", "--quiet", "--no-hardlinks", str(self.remote), str(folder))
        git(folder, "fetch", "--quiet", "origin", commit)
        git(folder, "checkout", "--quiet", "--detach", commit)

    def apply(self, *roots: str) -> None:
        """A person applies roots with own credentials."""
        command = [GROUNDPLAN, "apply", self.work / FOLDER, "--terraform-bin", "groundplan-terraform", "--yes"]
        command += ["--root", ",".join(roots)]
        env, streams = self.operator.variables, {"capture_output": True, "stdin": subprocess.DEVNULL}
        ran = subprocess.run(command, check=False, env=env, text=True, **streams)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def lead(self, workspace: Path) -> None:
        """Puts the services here in the place of Google's into the files that name identities."""
        for file in (workspace / ".groundplan").glob("*.json") if isinstance(self.sts, Google) else ():
            text = file.read_text("utf-8")
            for name in ("sts", "iamcredentials"):
                text = text.replace(f"https://{name}.googleapis.com", self.sts.url)
            file.write_text(text, encoding="utf-8")

    @property
    def resources(self) -> list[Given]:
        """Everything that is in the cloud, as `groundplan access` reads it."""
        return [Given("", one.key, one.type, one.values) for one in self.operator.cloud.store.objects()]

    def takers(self, claims: Claims) -> set[str]:
        """Identities, as they stand in the cloud, that take a token; Google's providers have looked at its audience."""
        said = {**claims, "aud": ""} if self.operator.provider == "gcp" else claims
        return {one.name for one in trusts(self.resources, said) if one.verdict is Verdict.ALLOWED}

    def nodes(self) -> int:
        """How many nodes the pool in the cloud may have."""
        if self.operator.provider == "gcp":
            return int(self.pool["autoscaling"][0]["total_max_node_count"])
        [found] = self.operator.cloud.store.objects(NODES, node_group_name_prefix=RANKER)
        return int(found.values["scaling_config"][0]["max_size"])

    @property
    def pool(self) -> dict[str, Any]:
        """The same pool on Google Cloud, whose name ends with its machines'."""
        pools = self.operator.cloud.store.objects(POOL)
        [found] = [one.values for one in pools if str(one.values["name"]).startswith(RANKER)]
        return dict(found)

    def roles(self) -> set[str]:
        """Who jobs have been."""
        return {one.role for one in self.sts.sessions.values()}

    def keep(self, name: str) -> None:
        """Remembers what the cloud holds, for `back_to`."""
        folder = self.scratch / f"kept-{name}"
        shutil.copytree(self.operator.cloud.store.folder, folder)
        self.kept[name] = Kept(folder, self._objects(), self.operator.bucket_names())

    def all_applied(self) -> None:
        """A person has applied the other roots too (`applied`)."""
        if "applied" not in self.kept:
            self.back_to("made")
            self.apply("10-foundation", "20-platform")
            self.keep("applied")
        self.back_to("applied")

    def back_to(self, name: str) -> None:
        """The cloud as it was; a repository, a forge and an issuer without a past."""
        self.back_to_cloud(name)
        self.forge.items.clear()
        self.sts.refused.clear()
        self.sts.sessions.clear()
        git(self.work, "checkout", "--quiet", "--force", "main")
        git(self.work, "reset", "--quiet", "--hard", "start")
        git(self.work, "clean", "--quiet", "-fdx")
        git(self.work, "push", "--quiet", "--force", "origin", "main")

    def back_to_cloud(self, name: str) -> None:
        """The cloud as it was."""
        kept, operator = self.kept[name], self.operator
        operator.cloud.fail()
        shutil.rmtree(operator.cloud.store.folder)
        shutil.copytree(kept.folder, operator.cloud.store.folder)
        for key in self._objects().keys() - kept.objects.keys():
            operator.delete(key)
        for key, data in kept.objects.items():
            if operator.get(key) != data:
                operator.put(key, data)
        operator.remove_buckets(operator.bucket_names() - kept.buckets)
        for bucket in kept.buckets - operator.bucket_names():
            operator.make_plain_bucket(bucket)

    def _objects(self) -> dict[str, bytes]:
        return {key: self.operator.get(key) or b"" for key in self.operator.keys("")}


@contextlib.contextmanager
def site(scratch: Path, provider: str = "aws") -> Iterator[Site]:
    """A site whose cloud has what a person makes: the state bucket and the pipeline's identities (`made`)."""
    rendered = _rendered(scratch, provider)
    holder: dict[str, Site] = {}

    def takes(name: str, claims: Claims) -> bool:
        return name in holder["site"].takers(claims)

    services = {"aws": lambda: sts(takes), "gcp": lambda: google(takes, lambda: holder["site"].resources)}
    with (
        world(provider, rendered / FOLDER, scratch / "world") as operator,
        serving() as forge,
        services[provider]() as service,
    ):
        work, remote = _repository(rendered, scratch)
        made = holder["site"] = Site(operator, work, remote, forge, service, scratch)
        if operator.storage and isinstance(service, Google):
            operator.storage.knows = lambda token: token in _OPERATORS or service.knows(token)
        made.apply("00-state", "05-identity")
        made.keep("made")
        yield made


def _rendered(scratch: Path, provider: str) -> Path:
    """A repository with two environments and their pipelines."""
    top = scratch / "rendered"
    ci = {**CI, "gcp": {"project_number": PROJECT_NUMBER}} if provider == "gcp" else CI
    for name, folder in ((NAME, FOLDER), (OTHER_NAME, OTHER)):
        (scratch / folder).mkdir(parents=True)
        made = render(provider, scratch / folder, ci=ci, cluster=CLUSTER, state={"backend": "remote"})
        if name != NAME:
            spec = made / "groundplan.yaml"
            text = spec.read_text("utf-8").replace(f"name: {NAME}", f"name: {name}", 1)
            shutil.rmtree(made)
            (scratch / folder / "groundplan.yaml").write_text(text, encoding="utf-8")
            offline("render", scratch / folder / "groundplan.yaml", "-o", made)
        shutil.copytree(made, top / folder)
    offline("pipelines", top)
    (scratch / "world").mkdir()
    return top


def _repository(rendered: Path, scratch: Path) -> tuple[Path, Path]:
    work, remote = scratch / "infra", scratch / "infra.git"
    shutil.copytree(rendered, work)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], check=True)
    git(remote, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "remote", "add", "origin", str(remote))
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "x")
    git(work, "tag", "start")
    git(work, "push", "--quiet", "origin", "main")
    return work, remote
