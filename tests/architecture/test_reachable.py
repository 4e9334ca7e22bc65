"""Everything that a module takes is set from the spec, or is left to the module for a reason that stands here.

A folder edited by hand is not rendered over, so a remedy that a README or a runbook names has to be a key of the spec.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from groundplan.app.pipeline import resolve_spec
from groundplan.environment.files import SPEC_FILE
from groundplan.hcl.interface import read_interface
from groundplan.hcl.types import Collection, Object, Type
from groundplan.spec.model import root
from tests.golden.test_sizes import keys
from tests.sizes import CASES, spec_text
from tools.module_docs import MODULES, module_folders

DOCS = tuple(
    Path(__file__).resolve().parents[2] / "docs" / f"{name}.md" for name in ("runbooks", "mlflow", "monitoring")
)
SPAN = re.compile(r"`([a-z][a-z0-9_.]*)(?:[ =][^`]*)?`")

LEFT_TO_THE_MODULES = {
    "* system_pool.tolerations.*": "the system pool has no taints",
    "* chart_version*": "scripts, values and rules are tested with exactly these",
    "* logs.retention_days": "a year, which audits ask for; GP918 reports less",
    "* log_retention_days": "as above",
    "* windows.*": "at night and on Sunday; a plan shows what waits for it",
    "* deletion_window_days": "the longest: what was encrypted is lost after it",
    "* namespace": "identities, rules and commands of the runbooks name it",
    "* identity.namespace": "as above",
    "* service_account": "as above",
    "* identity.service_account": "as above",
    "* nat_gateway_ids": "known only to a root that makes them",
    "*/runner github.api": "of a server of one's own: tests/unit/components/test_runner.py",
    "*/runner github.url": "as above",
    "*/storage_class *": "the default class of the cluster has one name and keeps nothing",
    "*/state_store noncurrent_days": "how long a state can be brought back",
    "*/registry repositories.keep_untagged_days": "what no tag names",
    "*/mlflow_serverless endpoint.zone_id": "the spec names no zone: the record is made where the zone is",
    "*/mlflow_serverless size.*": "what the estimate counts; more servers take more load",
    "*/mlflow_serverless tasks.*": "what the estimate counts; more servers take more load",
    "kubernetes/mlflow resources.*": "what the system pool has room for; more servers take more load",
    "kubernetes/mlflow database.port": "PostgreSQL's own",
    "kubernetes/mlflow ingress.address": "a free one is picked",
    "kubernetes/mlflow ingress.tls_secret_name": "for controllers that no cloud of ours brings",
    "kubernetes/monitoring alerts.email.*": "mail goes out through the cloud's own service, without a password",
    "kubernetes/monitoring platform.image": "pinned by digest, and from a registry without a login",
    "kubernetes/autoscaler scale_down.*": "what the estimate of expected nodes rests on",
    "kubernetes/autoscaler spot_group_pattern": "names of groups are the module's",
    "kubernetes/gpu_plugin node_selector": "labels of nodes are the modules'",
    "kubernetes/load_balancer scheme*": "internal: nothing of ours answers on the internet",
    "aws/load_balancer_identity schemes": "as above",
    "kubernetes/pod_monitoring *": "what the estimate of samples rests on",
    "aws/managed_prometheus metrics.*": "what the estimate of samples rests on",
    "kubernetes/workspaces *": "the same for every team: the spec knows pools, not policies",
    "aws/ci_identity session_hours": "as long as a job may take; an apply of a cluster takes one",
    "gcp/ci_identity issuers.audience": "the provider's own name, which is nobody else's",
    "aws/cluster extended_support": "set where cluster.version needs it",
    "*/existing_network *": "nothing of ours stands in public subnets; a peered range is found by the service",
    "aws/network trusted_accounts": "the spec names buckets of others, not accounts",
    "*/node_pool labels": "the selector is the module's; workloads choose by it",
    "gcp/alert_topic silence_minutes": "as long as Alertmanager takes to start again",
    "gcp/cluster access.*": "groups of a directory that not every organisation has",
    "gcp/cluster maintenance_window.*": "at night and on weekends",
    "gcp/keys protection_level": "software keys, which the estimate counts",
    "gcp/network flow_logs.*": "the spec says for how long; the rest is what the estimate counts",
    "gcp/network nat_addresses": "Google's choice, which grows by itself",
    "gcp/node_pool gpu.driver": "GKE's default of the version",
    "gcp/shared_vpc_host webhook_ports": "those of the operators that there are; GKE's own rule has the others",
    "gcp/object_store buckets.*": "the same words on both clouds, of which these have none on AWS",
}
"""Variables that no spec of `tests/sizes.py` sets, by module and attribute, and why no key does."""


def declared(wanted: Type, path: str) -> Iterator[str]:
    """Every attribute of a variable, such as `backups.days`, or the variable that has none."""
    match wanted:
        case Object():
            for name, attribute in wanted.attributes.items():
                yield from declared(attribute.type, f"{path}.{name}")
        case Collection():
            yield from declared(wanted.element, path)
        case _:
            yield path


def given(value: object, wanted: Type, path: str) -> Iterator[str]:
    """What a value gives of those; a reference gives all that is below it."""
    if isinstance(wanted, Object) and isinstance(value, Mapping):
        for name, inner in value.items():
            if name in wanted.attributes:
                yield from given(inner, wanted.attributes[name].type, f"{path}.{name}")
    elif isinstance(wanted, Collection) and isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from given(inner, wanted.element, path)
    else:
        yield from declared(wanted, path)


@pytest.fixture(scope="module")
def unset(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """`<module> <attribute>` of all that none of the specs sets."""
    interfaces = {folder.relative_to(MODULES).as_posix(): read_interface(folder) for folder in module_folders()}
    left = {
        f"{module} {attribute}"
        for module, interface in interfaces.items()
        for name, variable in interface.variables.items()
        for attribute in declared(variable.type, name)
    }
    path = tmp_path_factory.mktemp("specs") / SPEC_FILE
    for case in CASES:
        path.write_text(spec_text(*case), encoding="utf-8")
        for call in (call for layer in resolve_spec(path).compose().roots for call in layer.calls):
            for name, value in call.arguments.items():
                wanted = interfaces[call.source].variables[name].type
                left -= {f"{call.source} {attribute}" for attribute in given(value, wanted, name)}
    return frozenset(left)


def named(text: str) -> set[str]:
    """What a text names in the way of code, outside of blocks and tables."""
    prose = re.sub(r"^```.*?^```|^\|.*?$", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(SPAN.findall(prose))


def test_what_no_key_sets_has_a_reason(unset: frozenset[str]) -> None:
    unexplained = [name for name in sorted(unset) if not any(fnmatchcase(name, p) for p in LEFT_TO_THE_MODULES)]
    assert unexplained == [], "give it a key in the spec, or a reason here"
    stale = [p for p in LEFT_TO_THE_MODULES if not any(fnmatchcase(name, p) for name in unset)]
    assert stale == [], "a key sets it: take the reason away"


def test_documents_name_only_what_a_key_sets(unset: frozenset[str]) -> None:
    """A reader of these has an environment and its spec, and edits nothing else."""
    spec = {key.rpartition(".")[2] for key in keys(root())}
    hidden = {attribute for name in unset if (attribute := name.partition(" ")[2])}
    leaves = {attribute.rpartition(".")[2] for attribute in hidden} - spec
    wrong = {f"{path.name}: {word}" for path in DOCS for word in named(path.read_text("utf-8")) & (hidden | leaves)}
    assert wrong == set()


def test_how_a_module_is_operated_names_only_what_a_key_sets(unset: frozenset[str]) -> None:
    wrong = []
    for folder in module_folders():
        module, text = folder.relative_to(MODULES).as_posix(), (folder / "README.md").read_text(encoding="utf-8")
        operating = re.findall(r"^## (?:Operating|The secret).*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        hidden = {name.partition(" ")[2] for name in unset if name.startswith(f"{module} ")}
        wrong += [f"{module}: {word}" for part in operating for word in named(part) & hidden]
    assert wrong == []
