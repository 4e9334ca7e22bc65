"""The tracking server that was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, cast

from groundplan.hcl.write import Value
from groundplan.stack.model import Part, Stack

PATH = "tracking.mlflow"
"""Where the spec asks for it."""


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL instance of the cloud."""

    instance_class: str
    storage_gib: int
    high_availability: bool
    backup_days: int
    deletion_protection: bool
    postgres: str
    """Major version."""
    storage_max_gib: int | None = None
    """None: twice the size."""
    password_version: int | None = None
    """None: the first one."""
    recovery_days: int | None = None
    options: Mapping[str, Value] = field(default_factory=dict)
    """What only the cloud of the stack has."""
    existing: str = ""
    """Name of the instance that is there already; empty for one to make."""

    def lacks(self, part: str) -> bool:
        """Whether a part of the instance that is there is to be made."""
        return part in cast(Sequence[str], self.options.get("lacks", ()))

    @property
    def grows_to_gib(self) -> int:
        """Size up to which the disk grows."""
        return self.storage_max_gib or self.storage_gib * 2

    def option(self, name: str, argument: str = "") -> dict[str, Value]:
        """A setting that only the cloud of the stack has, as an argument of a module; empty when it is not stated."""
        return {argument or name: self.options[name]} if name in self.options else {}


@dataclass(frozen=True, slots=True)
class Mlflow(Part):
    """A tracking server; `bucket` and `secret_name` are names in the cloud."""

    component: ClassVar[str] = "mlflow"
    hosting: Literal["kubernetes", "serverless"]
    replicas_min: int
    replicas_max: int
    bucket: str
    log_bucket: str
    """Name of the bucket for the load balancer's access log; only serverless servers have one."""
    secret_name: str
    host: str
    certificate: str
    client_cidrs: tuple[str, ...]
    image: str
    """Image of the server; empty for the one its module names."""
    proxy_image: str
    """Image of the proxy beside a server without a cluster; empty for the one its module names."""
    database: Database
    default_permission: str | None = None
    """None: what the module gives."""

    @property
    def on_cluster(self) -> bool:
        """Whether the servers run on Kubernetes."""
        return self.hosting == "kubernetes"


def mlflow_of(stack: Stack) -> Mlflow | None:
    """The stack's tracking server; None without one."""
    return stack.part(Mlflow)
