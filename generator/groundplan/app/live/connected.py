"""An environment together with the account that it is in, checked before anything is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.app.progress import Progress
from groundplan.clouds import find_cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.cloud import Caller, LiveCloud, StateStore, require_account
from groundplan.live.roots import LOCAL_STATE_BYTES, RootState, Standing, standing_in
from groundplan.live.state import State, state_of
from groundplan.reading import UnreadableError, read_regular


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Connected:
    """A rendered environment and the account that answers for it."""

    standing: Standing
    cloud: LiveCloud
    caller: Caller
    meanwhile: Callable[[], None] = _nothing
    """Called when Terraform begins to plan, or to show a saved plan: what can be done while it works is begun there."""

    def key(self, state: RootState) -> str:
        """Where in its bucket the state is."""
        return self.cloud.state_key(state.backend)

    def store(self, state: RootState) -> StateStore:
        """The state's bucket."""
        return self.cloud.state_store(state.bucket)

    def read(self, state: RootState) -> State | None:
        """The state as it is now; None where nothing was applied. Raises GP936 for one that is none of Terraform's."""
        data = self.store(state).read(self.key(state)) if state.bucket else _local(state)
        found = state_of(data) if data else None
        if data and found is None:
            message = f"the state of {state.root} is none that groundplan reads"
            raise DiagnosticsError(
                [Diagnostic("GP936", message, hint="it may be encrypted: ask Terraform or OpenTofu")]
            )
        return found


def _local(state: RootState) -> bytes | None:
    try:
        return read_regular(state.file, limit_bytes=LOCAL_STATE_BYTES)
    except UnreadableError as error:
        if error.missing:
            return None
        raise DiagnosticsError([Diagnostic("GP936", f"cannot read {state.file}: {error.reason}")]) from None


def connected(folder: Path, environment: Mapping[str, str], progress: Progress) -> Connected:
    """The environment in the folder, with credentials of its account. Raises GP402, GP812 to GP816."""
    standing = standing_in(folder)
    location = standing.outline
    cloud = find_cloud(location.provider)
    module = cloud.extension("live") if cloud else None
    if cloud is None or module is None:
        message = f"groundplan runs nothing on {location.provider}"
        raise DiagnosticsError([Diagnostic("GP804", message)])
    with progress.step(f"asking {cloud.title}"):
        live: LiveCloud = module.LIVE.connect(location.account, location.region, environment)
        caller = live.caller()
    require_account(caller, location.account)
    return Connected(standing, live, caller)
