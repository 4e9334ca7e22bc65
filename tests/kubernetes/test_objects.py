"""What the modules write, against the API schemas of the Kubernetes versions that environments may have."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import pytest

from groundplan.terraform.offline import OfflineSession, offline_session
from tests.kubernetes.objects import KINDS, Json, objects
from tests.kubernetes.roots import ROOTS

VERSIONS = ("1.33", "1.34", "1.35")


@pytest.fixture(scope="module")
def session(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    top = tmp_path_factory.mktemp("kubernetes")
    shutil.copytree(repository / "modules", top / "modules")
    for name, text in ROOTS.items():
        (top / name).mkdir()
        (top / name / "main.tf").write_text(text, encoding="utf-8")
    with offline_session(top, list(ROOTS)) as opened:
        yield opened


def planned(session: OfflineSession, root: str) -> list[Json]:
    result = session.plan(root)
    assert result.plan is not None, [d.message for d in result.diagnostics]
    return list(objects(result.plan))


@pytest.mark.parametrize("root", ROOTS)
def test_objects_are_valid(session: OfflineSession, root: str) -> None:
    found = planned(session, root)
    assert len(found) >= 5
    for written in found:
        for version in VERSIONS:
            kubernetes_validate.validate(written, version, strict=True)


def test_every_pod_is_restricted(session: OfflineSession) -> None:
    """Pod Security "restricted", as the namespace of MLflow enforces it; https://kubernetes.io/docs/concepts/security."""
    deployments = [o for root in ROOTS for o in planned(session, root) if o["kind"] == "Deployment"]
    assert deployments
    for deployment in deployments:
        pod = deployment["spec"]["template"]["spec"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        for container in pod["initContainers"] + pod["containers"]:
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["readOnlyRootFilesystem"]
            assert rights["capabilities"] == {"drop": ["ALL"]}


def test_selectors_find_what_they_are_for(session: OfflineSession) -> None:
    """Services, budgets and policies select the pods, ports have names that exist, the autoscaler finds its target."""
    for root in ("mlflow", "mlflow-ingress"):
        by_kind = {o["kind"]: o for o in planned(session, root)}
        deployment = by_kind["Deployment"]
        template = deployment["spec"]["template"]
        labels = template["metadata"]["labels"].items()
        assert by_kind["Service"]["spec"]["selector"].items() <= labels
        assert by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items() <= labels
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels
        ports = {port["name"] for c in template["spec"]["containers"] for port in c["ports"]}
        assert {port["targetPort"] for port in by_kind["Service"]["spec"]["ports"]} == ports
        target = by_kind["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
        mounted = {m["name"] for c in template["spec"]["containers"] for m in c["volumeMounts"]}
        assert mounted == {volume["name"] for volume in template["spec"]["volumes"]}


def test_converter_would_be_caught(session: OfflineSession) -> None:
    """An unknown field and a wrong type are refused, so the validation above says something."""
    service = next(o for o in planned(session, "mlflow") if o["kind"] == "Service")
    for broken in ({"colour": "red"}, {"ports": {"port": 1}}):
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate({**service, "spec": {**service["spec"], **broken}}, "1.35", strict=True)


def test_every_resource_type_in_use_is_known(repository: Path) -> None:
    written = {
        word
        for path in (repository / "modules" / "kubernetes").rglob("*.tf")
        for word in path.read_text(encoding="utf-8").split('"')[1::2]
        if word.startswith("kubernetes_")
    }
    assert written <= set(KINDS), written - set(KINDS)
