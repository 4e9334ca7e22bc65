"""Plans in the bucket of the states: named by what they are, so that nobody can put others in their place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from groundplan.app.live.connected import Connected
from groundplan.app.live.kept import fetched, keep
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import no_plans_key
from groundplan.live.roots import RootState
from groundplan.live.saved import RECORD_FILE, Record, SavedRoot, read_record, write_record


@dataclass
class Bucket:
    objects: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    bucket: str = "b"

    def read(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def write(self, key: str, data: bytes, *, under: str) -> bool:
        self.objects[key] = data
        self.keys[key] = under
        return True


class Cloud:
    def plans_key(self, bucket: str) -> str:
        return f"plans of {bucket}"


@dataclass
class At:
    """What of a connected environment this asks for."""

    bucket: Bucket
    standing: Any
    cloud: Cloud = field(default_factory=Cloud)

    def key(self, state: RootState) -> str:
        return f"teams/prod/{state.root}/terraform.tfstate"

    def store(self, state: RootState) -> Bucket:
        return self.bucket


@dataclass
class Standing:
    states: tuple[RootState, ...]


@pytest.fixture
def at() -> Connected:
    states = (RootState("00-state", {}, Path()), RootState("10-foundation", {"bucket": "b"}, Path()))
    return cast(Connected, At(Bucket(), Standing(states)))


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "10-foundation.tfplan").write_bytes(b"plan")
    (folder / "10-foundation.terraform.lock.hcl").write_bytes(b"lock")
    root = SavedRoot(
        root="10-foundation", sha256="sha256:" + hashlib.sha256(b"plan").hexdigest(), providers="x", pending=True
    )
    words = {"run": "r", "made": "m", "groundplan": "g", "terraform": "t", "environment": "prod", "account": "1"}
    write_record(folder, Record(**words, tree="t", lock="l", roots=(root,)))
    return folder


def bucket(at: Connected) -> dict[str, bytes]:
    return cast(At, at).bucket.objects


def test_they_come_back_as_they_were(at: Connected, plans: Path, tmp_path: Path) -> None:
    digest = keep(at, plans)
    assert sorted(bucket(at)) == [
        f"teams/prod/groundplan/plans/{digest}/{name}"
        for name in ("10-foundation.terraform.lock.hcl", "10-foundation.tfplan", RECORD_FILE)
    ]
    assert set(cast(At, at).bucket.keys.values()) == {"plans of b"}
    back = tmp_path / "back"
    fetched(at, digest, back)
    assert read_record(back) == read_record(plans)
    assert (back / "10-foundation.tfplan").read_bytes() == b"plan"


@pytest.mark.parametrize(
    ("digest", "words"), [("a" * 64, "may have expired"), ("../../x", "64 hexadecimal digits"), ("", "64 hexadecimal")]
)
def test_a_digest_of_nothing(at: Connected, tmp_path: Path, digest: str, words: str) -> None:
    with pytest.raises(DiagnosticsError, match=words) as caught:
        fetched(at, digest, tmp_path / "back")
    assert caught.value.diagnostics[0].code == "GP416"


def test_a_record_that_somebody_wrote_over_is_refused(at: Connected, plans: Path, tmp_path: Path) -> None:
    """The role that plans for proposed changes may write there."""
    digest = keep(at, plans)
    bucket(at)[f"teams/prod/groundplan/plans/{digest}/{RECORD_FILE}"] += b" "
    with pytest.raises(DiagnosticsError, match="not the one of that digest"):
        fetched(at, digest, tmp_path / "back")


def test_states_in_files_have_no_place_for_them(at: Connected, plans: Path) -> None:
    cast(At, at).standing.states = (RootState("10-foundation", {}, Path()),)
    with pytest.raises(DiagnosticsError, match="in files"):
        keep(at, plans)


class WithoutKey(Cloud):
    def plans_key(self, bucket: str) -> str:
        raise no_plans_key(bucket)


def test_without_a_pipeline_they_are_under_the_buckets_key(at: Connected, plans: Path) -> None:
    """Nothing is to be made first: only a pipeline's environment has a key for them on AWS."""
    cast(At, at).cloud = WithoutKey()
    keep(at, plans)
    assert set(cast(At, at).bucket.keys.values()) == {""}


def test_a_pipelines_environment_without_its_key_keeps_none(at: Connected, plans: Path) -> None:
    cast(At, at).cloud = WithoutKey()
    cast(At, at).standing.states += (RootState("05-identity", {"bucket": "b"}, Path()),)
    with pytest.raises(DiagnosticsError, match="no key for saved plans"):
        keep(at, plans)
    assert bucket(at) == {}


def test_in_a_bucket_of_the_users_they_are_under_its_key(at: Connected, plans: Path) -> None:
    cast(At, at).standing.states = cast(At, at).standing.states[1:]
    keep(at, plans)
    assert set(cast(At, at).bucket.keys.values()) == {""}
