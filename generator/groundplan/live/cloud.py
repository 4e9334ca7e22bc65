"""What real runs ask of a cloud: who calls, where states are and who holds them, and the way to a cluster.

The part of each cloud stands beside it, in `clouds/<cloud>/live/`. What keeps a question from being answered is
raised as a `DiagnosticsError` of one line: GP812 to GP817.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.live.imports import Imports
from groundplan.reading import MalformedJSONError, parse_json

LOCK_SUFFIX = ".tflock"
STATE_SUFFIX = ".tfstate"
LONGEST_FIELD = 500
"""Characters of what a lock says of itself: anybody who writes to the bucket can write one."""
LOCK_BYTES = 64 * 1024
MOST_VERSIONS = 1_000
"""Of one object that are listed, the newest."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose credentials these are: the account or project, and the user, role or service account."""

    account: str
    who: str


@dataclass(frozen=True, slots=True)
class StateLock:
    """A lock of Terraform on a state, as whoever took it described it.

    `id` is what removes it; `created` is None where the lock does not say it.
    """

    id: str
    who: str
    operation: str
    created: datetime | None
    path: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class StateVersion:
    """One version of an object in a bucket that keeps old ones; a `deleted` one says that it was removed then."""

    id: str
    written: datetime
    size_bytes: int
    latest: bool
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """How a cluster is reached: the address of its API, whether only from inside its network, its CA in base64, empty
    where public authorities sign its certificate."""

    name: str
    endpoint: str
    private: bool
    ca: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Something in the cloud that a controller of a cluster has made."""

    kind: str
    """`load balancer`, `disk` or `forwarding rule`."""
    name: str
    by: str
    """Which tag, label or description says so."""
    sure: bool = True
    """Whether that names the cluster, and not only what made it."""
    size_gib: int | None = None


class StateStore(Protocol):
    """A bucket with states. Keys are those of states; locks are found by the key of their state."""

    @property
    def bucket(self) -> str:
        """Its name."""

    def exists(self) -> bool:
        """Whether the account has such a bucket; raises GP821 for one of another."""

    def read(self, key: str) -> bytes | None:
        """The object; None where there is none."""

    def write(self, key: str, data: bytes, *, only_if_new: bool = False, under: str = "") -> bool:
        """Whether it was written; with `only_if_new`, not over another; `under` is a key other than the bucket's."""

    def versions(self, key: str) -> Sequence[StateVersion]:
        """Of the object, the newest first."""

    def read_version(self, key: str, version: str) -> bytes | None:
        """That version of the object; None where there is none."""

    def first_keys(self, prefix: str, most: int) -> Sequence[str]:
        """The first names of objects that begin so, sorted; of however many one request asks for no more than these."""

    def lock(self, key: str) -> StateLock | None:
        """Who holds the state; None for nobody."""

    def take_lock(self, key: str, data: bytes, lock_id: str) -> str | None:
        """The id of a lock that was free, described by `data` as Terraform does; None where the state is held."""

    def remove_lock(self, key: str, lock_id: str) -> bool:
        """Whether the lock with that id was removed: False where it has gone or another has taken its place."""


class LiveCloud(Protocol):
    """A cloud that answers."""

    @property
    def imports(self) -> Imports:
        """What the types of its provider are imported by."""

    @property
    def lets_in(self) -> str:
        """What somebody does who has no rights in a cluster."""

    def caller(self) -> Caller:
        """Whose credentials these are."""

    def state_key(self, backend: Mapping[str, Any]) -> str:
        """Where in the bucket a root with these settings of its backend keeps its state."""

    def plans_key(self, bucket: str) -> str:
        """The key for saved plans of a bucket that modules/*/state_store made. Raises GP817 where it has none."""

    def state_store(self, bucket: str) -> StateStore:
        """The bucket, which perhaps is not there."""

    def cluster(self, name: str) -> ClusterAccess | None:
        """The cluster of that name in the region; None where there is none."""

    def token(self, cluster: ClusterAccess) -> str:
        """What the cluster's API takes as the caller, for some minutes."""

    def strays(self, cluster: str) -> Sequence[Stray]:
        """What controllers of a cluster of that name have made and nobody has deleted, as tags and labels say."""

    def kubeconfig(self, cluster: ClusterAccess) -> dict[str, Any]:
        """What kubectl reads, without a secret: a program of the cloud makes tokens."""


@dataclass(frozen=True)
class Live:
    """A cloud's part: the way to an account or project in a region; the mapping is the process's environment."""

    connect: Callable[[str, str, Mapping[str, str]], LiveCloud]


def require_account(caller: Caller, account: str) -> None:
    """Raises GP813 where the credentials are of another account than the spec's."""
    if account and caller.account != account:
        message = f"the credentials are of {shortened(caller.account)}, the environment is of {account}"
        raise stopped("GP813", message, "log in to the environment's account; nothing was changed")


def stopped(code: str, message: str, hint: str) -> DiagnosticsError:
    """One line to raise."""
    return DiagnosticsError([Diagnostic(code, message, hint=hint)])


def no_plans_key(bucket: str) -> DiagnosticsError:
    """That the bucket was made by a release that had no such key."""
    message = f"the state bucket {bucket} has no key for saved plans yet"
    return stopped("GP817", message, "apply 00-state, and 05-identity after it: a person does both")


def foreign(bucket: str) -> DiagnosticsError:
    """GP821 to raise."""
    message = f"the bucket {bucket} is another account's, or you may not see it; nothing was changed"
    hint = "names of buckets are shared by all customers of a cloud: choose another `name`, or ask for the permission"
    return stopped("GP821", message, hint)


def lock_of(data: bytes, lock_id: str | None = None) -> StateLock:
    """What a lock object says; `lock_id` where the cloud's own number is its id.

    https://github.com/hashicorp/terraform/blob/main/internal/states/statemgr/locker.go
    """
    try:
        found = parse_json(data[:LOCK_BYTES].decode("utf-8", errors="replace"))
    except MalformedJSONError:
        found = {}
    fields = found if isinstance(found, dict) else {}

    def text(name: str) -> str:
        value = fields.get(name)
        return shortened(value, LONGEST_FIELD) if isinstance(value, str) else ""

    created = time_of(text("Created"))
    return StateLock(lock_id or text("ID"), text("Who"), text("Operation"), created, text("Path"), text("Version"))


def time_of(text: str) -> datetime | None:
    """A time as Go and REST APIs write it, with an offset; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def lock_key(key: str) -> str:
    """Where the lock of a state lies that is not named after the state alone."""
    return key.removesuffix(STATE_SUFFIX) + LOCK_SUFFIX
