"""What components may declare that they need of the others. Nobody asks whether another component is there.

`components/<name>/needs.py` has a function `needs(stack)`; a cloud's part may add to it. They are gathered once
everything is decided, and whoever serves a kind of need looks for that kind: `stack.needed(Key)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from groundplan.hcl.references import Ref
from groundplan.stack.model import Need


@dataclass(frozen=True, slots=True)
class Key(Need):
    """An encryption key for a purpose; `users` are further services that use it, in the words of the cloud's module."""

    purpose: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BucketName(Need):
    """A bucket to make, by its name in the cloud, and the path of the spec that causes it."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Outsider(Need):
    """A principal of the cloud's own that is granted something, and the path of the spec that causes it."""

    member: str
    path: str


@dataclass(frozen=True, slots=True)
class Permission(Need):
    """A permission of the cloud that whoever applies takes beside those of the resources, and what of the spec asks."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class ClusterUser(Need):
    """A role of the cloud that the cluster lets in: an administrator, or a member of a group that RBAC knows."""

    role: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class RunsAs(Need):
    """An account of the cloud as which something runs, as its module names and describes it."""

    account: str
    display_name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class BucketOwner(Need):
    """The part of the spec that a bucket beside those of the spec is for, and where its size is stated."""

    bucket: str
    path: str
    size_path: str


@dataclass(frozen=True, slots=True)
class Database(Need):
    """A PostgreSQL instance of the cloud; `identifier` is its name, once there is one."""

    path: str
    instance_class: str
    storage_gib: int
    high_availability: bool
    identifier: Ref


@dataclass(frozen=True, slots=True)
class Identity(Need):
    """A service account that reads or writes buckets, by their names in the spec, and reads secrets."""

    name: str
    namespace: str
    service_account: str
    path: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    secrets: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeRanges(Need):
    """The ranges in which nodes and pods have addresses, asked for by what runs on the cluster."""


@dataclass(frozen=True, slots=True)
class PrivateHost(Need):
    """A name that people reach through a private load balancer; `ingress`: by an Ingress of the cluster."""

    host: str
    path: str
    ingress: bool


@dataclass(frozen=True, slots=True)
class Servers(Need):
    """Servers that run without the cluster, at the most."""

    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Volume(Need):
    """A volume on the cluster beside the nodes' disks."""

    gib: int
    path: str


@dataclass(frozen=True, slots=True)
class Metrics(Need):
    """Metrics that the monitoring modules have rules for: the argument that turns these on, and whose they are."""

    argument: str
    server: Ref


@dataclass(frozen=True, slots=True)
class Collector(Need):
    """Who asks workloads for their metrics: servers in `namespace`, or the cloud's own service."""

    managed: bool
    namespace: str


@dataclass(frozen=True, slots=True)
class ClusterService(Need):
    """Servers in a namespace of the cluster that workloads call, and the TCP port of their pods."""

    namespace: str
    port: int


@dataclass(frozen=True, slots=True)
class OwnLog(Need):
    """Log entries, by a filter that finds them, that have a place of their own and need not be kept in another."""

    name: str
    filter: Ref
    path: str


@dataclass(frozen=True, slots=True)
class Variable(Need):
    """An environment variable for every workload, and what its user should know."""

    name: str
    value: str
    about: str


@dataclass(frozen=True, slots=True)
class Advice(Need):
    """Something that whoever writes workloads should know, in Markdown."""

    text: str


C = TypeVar("C", bound=Need)


def only(needs: Sequence[C]) -> C | None:
    """The one that there is, or None."""
    assert len(needs) < 2, "declared by more than one component"
    return needs[0] if needs else None
