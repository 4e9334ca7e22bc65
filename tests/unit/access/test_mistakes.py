"""Lines of `access.deny` that mean nothing: told with their places, before anything is rendered or planned."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.access.engines import ENGINES
from groundplan.access.foreseen import OWN_PODS, mistakes
from groundplan.access.model import Given
from groundplan.access.world import World
from groundplan.app import access
from groundplan.app.access import Question
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_spec
from groundplan.app.target import Target
from groundplan.app.tools import Tools
from groundplan.cli import run
from groundplan.cli.common import ConsoleProgress
from groundplan.components.access.part import Denial, Denials
from groundplan.components.load import components
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.paths import MODULES
from groundplan.views.console import Console
from tests.conftest import Golden
from tests.sizes import spec_text

REPOSITORY = Path(__file__).resolve().parents[3]
CI: dict[str, Any] = {
    "system": "github",
    "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678},
}


def spec(folder: Path, *deny: str, cloud: str = "aws", ci: bool = True) -> Path:
    """A spec that denies, a line each."""
    values = yaml.safe_load(spec_text("small-team", cloud, "default"))
    values["cloud"]["account"] = {"aws": "111122223334", "gcp": "acme-4711"}[cloud]
    values.setdefault("cluster", {})["endpoint"] = {"public_cidrs": ["203.0.113.7/32"]}
    lines = "".join(f"    - {{{line}}}\n" for line in deny)
    path = folder / "groundplan.yaml"
    text = yaml.safe_dump({**values, **({"ci": CI | {"gcp": {"project_number": 4711}}} if ci else {})})
    path.write_text(f"{text}access:\n  deny:\n{lines}", encoding="utf-8")
    return path


def told(path: Path) -> list[tuple[str | None, str, str]]:
    """Path, message and hint of everything that is wrong."""
    with pytest.raises(DiagnosticsError) as caught:
        resolve_spec(path)
    assert {one.code for one in caught.value.diagnostics} == {"GP207"}
    return [(one.path, one.message, one.hint or "") for one in caught.value.diagnostics]


def test_every_mistake_is_told_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec(
        tmp_path,
        "who: pod:nobody, action: s3:GetObjct, resource: bucket:dta",
        "who: node:sytem, action: read object, resource: bukket:data",
        "who: role:other, action: storage.objects.get, resource: secret:other",
        "who: account:x, action: kms:Decrypt, resource: projects/x",
        "who: pr, action: k8s:gett, resource: secret/mlflow",
    )
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "groundplan.yaml"]) == 2
    golden(Path(__file__).parent / "golden" / "mistakes.txt", capsys.readouterr().err)


@pytest.mark.parametrize(
    "line",
    [
        "who: pr, action: read secrets",
        'who: fork, action: "*"',
        "who: branch:feature/x, action: s3:Put*, resource: bucket:data",
        "who: pod:training-gpu, action: kms:Decrypt, resource: key:storage",
        "who: pod:mlflow, action: secretsmanager:GetSecretValue, resource: secret:small-team/mlflow",
        "who: pod:mlflow, action: decrypt, resource: key:state",
        "who: pod:mlflow, action: decrypt, resource: key:small-team-storage",
        "who: pr, action: k8s:get, resource: secrets/mlflow",
        "who: pod:mlflow, action: 'k8s:*', resource: 'pods:exec'",
        """who: pod:mlflow, action: "read the cluster's secrets\"""",
        "who: pod:mlflow, action: run commands in pods, resource: 'pods:exec'",
        "who: node:system, action: bedrock:InvokeModel",
        "who: role:small-team-ci-plan, action: s3:GetObject, resource: 'arn:aws:s3:::other'",
        "who: pod:training-gpu/gpu, action: delete databases, resource: database:small-team-mlflow",
    ],
)
def test_what_means_something(tmp_path: Path, line: str) -> None:
    assert not resolve_spec(spec(tmp_path, line)).denials()


def test_on_another_cloud(tmp_path: Path) -> None:
    resolve_spec(spec(tmp_path, "who: pod:gpu, action: storage.objects.get, resource: bucket:data", cloud="gcp"))
    [(path, message, hint)] = told(spec(tmp_path, "who: pr, action: s3:GetObject", cloud="gcp"))
    assert (path, message) == ("access.deny[0].action", "s3:GetObject is no name of an action on this cloud")
    assert "storage.objects.get (read objects)" in hint


def test_keys_that_a_cloud_makes_with_or_without_a_pipeline(tmp_path: Path) -> None:
    line = "who: node:system, action: decrypt, resource: key:plans"
    for cloud, ci, is_there in (("gcp", True, True), ("gcp", False, True), ("aws", True, True), ("aws", False, False)):
        path = spec(tmp_path, line, cloud=cloud, ci=ci)
        if is_there:
            resolve_spec(path)
        else:
            [(_, message, _)] = told(path)
            assert message == "nothing in the environment is called key:plans"


def test_jobs_without_a_pipeline(tmp_path: Path) -> None:
    [(path, message, hint)] = told(spec(tmp_path, "who: pr, action: read secrets", ci=False))
    assert (path, message) == ("access.deny[0].who", "pr is nobody in this environment")
    assert "no `ci`" in hint


def test_a_comparison_with_another_cloud_is_about_none_of_the_lines(tmp_path: Path) -> None:
    path = spec(tmp_path, "who: pod:mlflow, action: s3:GetObject, resource: bucket:data")
    elsewhere = resolve_spec(path, overrides=Overrides(target=Target("gcp", "us-central1", "acme-4711")))
    assert elsewhere.stack.provider == "gcp"


def test_pods_that_modules_name_by_themselves() -> None:
    for source, (space, account) in OWN_PODS.items():
        text = (MODULES / source / "variables.tf").read_text(encoding="utf-8")
        assert f'"{space}"' in text
        assert f'"{account}"' in text
    naming = {path.parent.relative_to(MODULES).as_posix() for path in MODULES.glob("*/*/*.tf") if _names_pods(path)}
    assert naming - {"aws/workload_identity", "aws/autoscaler_identity"} == set(OWN_PODS)


def _names_pods(path: Path) -> bool:
    return 'resource "aws_eks_pod_identity_association"' in path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["prod", "prod-gcp"])
def test_everybody_and_everything_of_a_planned_environment_may_be_meant(name: str) -> None:
    """What is refused before a plan is nothing that the plan has."""
    folder = REPOSITORY / "environments" / name
    resolved = resolve_spec(folder / "groundplan.yaml", folder)
    stack, engine = resolved.stack, ENGINES[resolved.stack.provider]
    with access._evaluated(folder, Question(), _tools(), _progress()) as (resources, _):
        words = [*World(resources).words, *_identities(resources)]
        sorts = [one for one in engine(()).sorts if one not in ("role", "account")]
        names = [f"{sort}:{one}" for sort in sorts for one in engine(resources).names(sort)]
    lines = [Denial(word, "*", "*") for word in words]
    lines += [Denial("pod:mlflow", "*", one) for one in names if not _picked(one)]
    stack = stack.with_part(Denials(tuple(lines)))
    found: list[Diagnostic] = list(mistakes(stack, resolved.cloud, components()))
    assert len(lines) > 20
    assert not [(one.message, one.hint) for one in found]


def _identities(resources: tuple[Given, ...]) -> list[str]:
    sorts = {"aws_iam_role": ("role", "name"), "google_service_account": ("account", "account_id")}
    return [f"{sorts[one.type][0]}:{one.values[sorts[one.type][1]]}" for one in resources if one.type in sorts]


def _picked(reference: str) -> bool:
    """Whether only the cloud picks the name, or no line can have it: an id, a description, a name with a random end."""
    name = reference.partition(":")[2]
    return " " in name or (reference.startswith(("key:", "secret:")) and not name.isalpha())


def _tools() -> Tools:
    return Tools(environment=os.environ)


def _progress() -> ConsoleProgress:
    return ConsoleProgress(Console.of_process())
