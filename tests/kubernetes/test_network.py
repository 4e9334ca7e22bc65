"""What network policies of workspaces let through, decided as Kubernetes decides it.

A direction that any policy names for a pod is closed but for what the policies for it allow together:
https://kubernetes.io/docs/concepts/services-networking/network-policies/.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from groundplan.terraform.offline import OfflineSession, offline_session
from tests.kubernetes.objects import Json, objects
from tests.kubernetes.roots import ROOTS

NAMES = ("workspaces", "workspaces-google")


@pytest.fixture(scope="module")
def session(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    top = tmp_path_factory.mktemp("network")
    shutil.copytree(repository / "modules", top / "modules")
    for name in NAMES:
        (top / name).mkdir()
        (top / name / "main.tf").write_text(ROOTS[name], encoding="utf-8")
    with offline_session(top, list(NAMES)) as opened:
        yield opened


@pytest.fixture(scope="module", params=NAMES)
def policies(session: OfflineSession, request: pytest.FixtureRequest) -> tuple[str, list[Json]]:
    """A root's name, and its policies."""
    result = session.plan(request.param)
    assert result.plan is not None, [d.message for d in result.diagnostics]
    return request.param, [one for one in objects(result.plan) if one["kind"] == "NetworkPolicy"]


@dataclass(frozen=True)
class Peer:
    """The other end: a pod, or an address outside the pods' network."""

    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


def lets_out(policies: list[Json], namespace: str, peer: Peer, port: int, protocol: str = "TCP") -> bool:
    """Whether a pod of `namespace` may open the connection."""
    closing = [p for p in policies if p["metadata"]["namespace"] == namespace and "Egress" in p["spec"]["policyTypes"]]
    assert all(p["spec"]["podSelector"] == {} for p in closing), "policies for some pods are not known here"
    rules = [rule for policy in closing for rule in policy["spec"].get("egress", ())]
    return not closing or any(_to(rule, namespace, peer) and _on(rule, port, protocol) for rule in rules)


def _on(rule: Json, port: int, protocol: str) -> bool:
    ports = rule.get("ports")
    return not ports or any((one["port"], one["protocol"]) == (port, protocol) for one in ports)


def _to(rule: Json, namespace: str, peer: Peer) -> bool:
    return "to" not in rule or any(_is(one, namespace, peer) for one in rule["to"])


def _is(to: Json, namespace: str, peer: Peer) -> bool:
    if "ipBlock" in to:
        inside = bool(peer.address) and ip_address(peer.address) in ip_network(to["ipBlock"]["cidr"])
        return inside and not any(ip_address(peer.address) in ip_network(e) for e in to["ipBlock"].get("except", ()))
    if not peer.namespace:
        return False
    if "namespaceSelector" in to:
        named = _selects(to["namespaceSelector"], {"kubernetes.io/metadata.name": peer.namespace})
    else:
        named = peer.namespace == namespace
    return named and _selects(to.get("podSelector", {}), peer.labels)


def _selects(selector: Json, labels: Mapping[str, str]) -> bool:
    expressions = selector.get("matchExpressions", ())
    assert all(one["operator"] == "In" for one in expressions)
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(one["key"]) in one["values"] for one in expressions
    )


DNS = Peer("kube-system", {"k8s-app": "kube-dns"})
SPACES = ("training-finetune", "serving-ranker")


@pytest.mark.parametrize("namespace", SPACES)
def test_what_pods_need_is_open(policies: tuple[str, list[Json]], namespace: str) -> None:
    root, found = policies
    aws = root == "workspaces"
    assert lets_out(found, namespace, DNS, 53, "UDP") and lets_out(found, namespace, DNS, 53)
    assert lets_out(found, namespace, Peer(namespace), 29500), "workers of one job"
    assert lets_out(found, namespace, Peer(address="52.216.1.1" if aws else "199.36.153.9"), 443)
    agents = {"169.254.170.23": 80} if aws else {"169.254.169.254": 80, "169.254.169.252": 988}
    for address, port in agents.items():
        assert lets_out(found, namespace, Peer(address=address), port)
    assert lets_out(found, namespace, Peer("mlflow", {"app": "mlflow"}), 5000) == aws


@pytest.mark.parametrize("namespace", SPACES)
@pytest.mark.parametrize(
    ("peer", "port"),
    [
        (Peer("kube-system", {"k8s-app": "other"}), 53),
        (Peer("kube-system", {"k8s-app": "kube-dns"}), 9153),
        (Peer("mlflow"), 22),
        (Peer("monitoring"), 3000),
        (Peer("training-other"), 8080),
        (Peer("serving-other"), 443),
        (Peer(address="10.20.0.9"), 5432),
        (Peer(address="10.20.0.9"), 10250),
        (Peer(address="203.0.113.9"), 22),
        (Peer(address="203.0.113.9"), 80),
        (Peer(address="169.254.169.254"), 443),
        (Peer(address="169.254.169.123"), 443),
    ],
)
def test_the_rest_is_closed(policies: tuple[str, list[Json]], namespace: str, peer: Peer, port: int) -> None:
    assert not lets_out(policies[1], namespace, peer, port)
    assert port == 53 or not lets_out(policies[1], namespace, peer, port, "UDP")


def test_instance_metadata_is_closed_on_aws(policies: tuple[str, list[Json]]) -> None:
    root, found = policies
    assert lets_out(found, SPACES[0], Peer(address="169.254.169.254"), 80) == (root != "workspaces")


def test_a_named_range_is_open_to_its_namespace_alone(policies: tuple[str, list[Json]]) -> None:
    root, found = policies
    database = Peer(address="10.30.0.7")
    assert lets_out(found, "training-finetune", database, 5432) == (root == "workspaces")
    assert not lets_out(found, "serving-ranker", database, 5432)


def test_a_namespace_without_policies_would_be_caught() -> None:
    """The rule of the platform that the tests above rest on: nothing is closed without a policy."""
    assert lets_out([], "training-finetune", Peer(address="203.0.113.9"), 22)
