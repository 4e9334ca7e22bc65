"""The lock: one type for who writes it and who reads it, also of a release before."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.pipeline import resolve_spec
from groundplan.diagnostics import DiagnosticsError, Place
from groundplan.environment import migrations
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, digest, is_sealed, seal
from groundplan.environment.lock import Call, Decided, Location, Lock, Source, Spec, last_lock, read_lock
from groundplan.environment.outline import LOCK_BYTES
from groundplan.spec.migrations import Step
from tests.architecture.sources import REPOSITORY

EARLIER = Path(__file__).parent / "lock-of-0.1.0.json"

LOCK = Lock(
    groundplan="0.1.0",
    spec=Spec(file=SPEC_FILE, copied=True, sources=(Source(file=SPEC_FILE, sha256=digest("name: é\n")),)),
    cloud=Location(provider="aws", region="us-east-1"),
    calls={"10-foundation": {"module.keys": Call(component="keys", path="name", file=SPEC_FILE, line=2, column=1)}},
    decisions=(Decided(path="cluster.version", value="1.35", origin="catalog", reason="newest with support"),),
    modules={"aws/keys": digest("key")},
    sealed=("COST.md",),
    files={"10-foundation/main.tf": digest("main")},
)


def changed(**parts: Any) -> str:
    return json.dumps({**json.loads(LOCK.text()), **parts})


def left(*, kind: str = "bucket", name: str = "mine", until: str = "0.4.0") -> dict[str, Any]:
    """The record of something that left."""
    asset = {"kind": kind, "name": name, "path": "storage.buckets.a", "layer": "10-foundation", "call": "object_store"}
    return {"asset": asset, "since": "0.1.0", "until": until}


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text(LOCK.text(), encoding="utf-8")
    assert read_lock(tmp_path) == last_lock(tmp_path) == LOCK


def test_the_text_is_json_in_the_order_of_the_fields() -> None:
    assert LOCK.text().endswith("\n}\n")
    assert list(json.loads(LOCK.text())) == [
        "format_version", "groundplan", "spec", "cloud", "calls", "decisions", "modules", "sealed", "files",
        "assets", "left",
    ]  # fmt: skip
    call = json.loads(LOCK.text())["calls"]["10-foundation"]["module.keys"]
    assert list(call.items()) == [
        ("component", "keys"), ("path", "name"), ("file", SPEC_FILE), ("line", 2), ("column", 1),
    ]  # fmt: skip


def test_what_a_lock_says(tmp_path: Path) -> None:
    assert LOCK.owned == {"COST.md", "10-foundation/main.tf"}
    assert LOCK.copied_spec == digest("name: é\n")
    assert (LOCK.kept.region, LOCK.kept.values) == ("aws us-east-1", {"cluster.version": "1.35"})
    assert LOCK.calls["10-foundation"]["module.keys"].place == Place(SPEC_FILE, 2, 1)
    assert not LOCK.edited("10-foundation/main.tf", "main")
    assert LOCK.edited("10-foundation/main.tf", "mine")
    assert not LOCK.edited(SPEC_FILE, "name: é\n")
    assert LOCK.edited(SPEC_FILE, "name: e\n")
    assert not LOCK.edited("COST.md", seal("anything\n"))
    assert LOCK.edited("COST.md", "anything\n")


def test_a_spec_of_the_folders_own_is_no_copy() -> None:
    assert LOCK.model_copy(update={"spec": Spec(file=SPEC_FILE, sources=LOCK.spec.sources)}).copied_spec == ""


def test_no_lock_is_none(tmp_path: Path) -> None:
    assert read_lock(tmp_path) is last_lock(tmp_path) is None
    assert last_lock(tmp_path / "not there yet") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file: Invalid JSON: EOF while parsing a value"),
        ("[]", "the file: Input should be an object"),
        ("[" * 9999, "the file: Invalid JSON: recursion limit exceeded"),
        (changed(format_version="2"), "format_version: Input should be '1'"),
        (changed(files=3), "files: Input should be an object"),
        (changed(cloud={}), "cloud.provider: Field required"),
        (changed(decisions=[{"path": "a"}]), "decisions.0.value: Field required"),
        *(
            (changed(files={name: ""}), f"files.{name}.[key]: Value error, not a path inside the environment")
            for name in ("../a", "/etc/passwd", "a/../../b", "")
        ),
        (changed(sealed=["../a"]), "sealed.0: Value error, not a path inside the environment"),
        *(
            (changed(spec={"file": name}), "spec.file: Value error, not a path inside the environment")
            for name in ("../other/groundplan.yaml", "/proc/self/environ", "", "a/../../b.yaml", "a\0b")
        ),
        *(
            (changed(**parts), f"{where}: Value error, not a path where a spec or what it extends may be")
            for name in ("/proc/self/environ", "/dev/zero", "../../a.yaml", "../.env", "../a/../../b.yaml", "..", "\0")
            for parts, where in (
                ({"spec": {"file": SPEC_FILE, "sources": [{"file": name, "sha256": ""}]}}, "spec.sources.0.file"),
                ({"calls": {"a": {"b": {"component": "", "path": "", "file": name}}}}, "calls.a.b.file"),
            )
        ),
        *(
            (changed(calls={"a": {"b": {"component": "", "path": "", "line": line}}}), f"calls.a.b.line: {words}")
            for line, words in (
                (0, "Input should be greater than or equal to 1"),
                (10**9, "Input should be less than or equal to 1000000"),
                (10**400, "Input should be less than or equal to 1000000"),
                (True, "Input should be a valid integer"),
            )
        ),
        (changed(files={"a" * 5_000: ""}), f"files.{'a' * 94}…: String should have at most 1024 characters"),
        *(
            (changed(left=[left(**parts)]), f"left.0{where}: Value error, {words}")
            for parts, where, words in (
                ({"name": "mine/../others"}, ".asset", "no name of a bucket"),
                ({"name": "mine/all"}, ".asset", "no name of a bucket"),
                ({"kind": "repository", "name": "mine//all"}, ".asset", "no name of a repository"),
                ({"until": "9999.1.0"}, "", "`until` is later than 0.4.0"),
            )
        ),
        ('{"groundplan": "\\ud800"}', "the file: Invalid JSON: unexpected end of hex escape"),
        ("[" + "1," * 100_001, "more than 100,000 values"),
        (" " * (LOCK_BYTES + 1), "larger than 4 MiB"),
    ],
    ids=range(43),
)
def test_a_damaged_lock_is_a_finding_or_none(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / LOCK_FILE
    path.write_text(text)
    with pytest.raises(DiagnosticsError) as caught:
        read_lock(tmp_path)
    [found] = caught.value.diagnostics
    assert found.code == "GP402"
    assert found.message.partition(" at line ")[0] == f"{LOCK_FILE} cannot be read: {problem}"
    assert found.place == Place(str(path), 1)
    assert last_lock(tmp_path) is None


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, make: Any) -> None:
    make(tmp_path / LOCK_FILE)
    with pytest.raises(DiagnosticsError, match="cannot be read: not a file"):
        read_lock(tmp_path)
    assert last_lock(tmp_path) is None


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_text(LOCK.text())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / LOCK_FILE).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(DiagnosticsError, match="it leads out of"):
        read_lock(tmp_path / "folder")


@pytest.mark.parametrize("name", ["base.yaml", "../base.yml", "../other/deep/base.yaml", "of/mine.txt"])
def test_what_a_spec_may_extend_may_stand_in_a_lock(name: str, tmp_path: Path) -> None:
    spec = Spec(file=SPEC_FILE, sources=(Source(file=name, sha256=""),))
    (tmp_path / LOCK_FILE).write_text(LOCK.model_copy(update={"spec": spec}).text())
    assert (lock := read_lock(tmp_path)) is not None and lock.spec == spec


def test_a_lock_of_the_release_before_is_read(tmp_path: Path) -> None:
    """It has `prices_as_of`, amounts in its reasons and no sealed files."""
    (tmp_path / LOCK_FILE).write_bytes(EARLIER.read_bytes())
    lock = read_lock(tmp_path)
    assert lock is not None
    assert "prices_as_of" in json.loads(EARLIER.read_text())
    assert lock.kept.region == "aws us-east-1"
    assert lock.kept.names("serving.pools.scorer.instance_types")[0] == "m6a.xlarge"
    assert lock.owned == {"00-state/main.tf", "10-foundation/main.tf", "README.md"}
    assert (lock.sealed, lock.copied_spec) == ((), "")


def test_a_seal_holds_for_exactly_its_text() -> None:
    text = seal("# Cost\n\n10 dollars\n")
    assert is_sealed(text)
    assert is_sealed(seal(text))
    for broken in (text[:-1], text + "\n", text.replace("10", "11"), "# Cost\n", "", text.replace("\n", "\r\n")):
        assert not is_sealed(broken)


def test_a_lock_says_whose_environment_it_is() -> None:
    cloud = Location(provider="aws", region="us-east-1", account="210987654321", environment="acme")
    assert LOCK.kept.environment == ""
    assert LOCK.model_copy(update={"cloud": cloud}).kept.environment == "210987654321 acme"


def _named_spec(values: dict[str, Any]) -> dict[str, Any]:
    """A made-up format 0, in which the spec was a name and no more."""
    if not isinstance(values.get("spec"), str):
        raise ValueError("no name")
    return {**values, "spec": {"file": values["spec"]}}


@pytest.fixture
def of_format_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {"0": Step("1", _named_spec, "`spec` has a digest")})


@pytest.mark.usefixtures("of_format_0")
def test_a_lock_of_an_earlier_format_is_read_and_says_so(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).write_text(changed(format_version="0", spec=SPEC_FILE))
    lock = read_lock(tmp_path)
    assert lock and lock.migrations == ("`spec` has a digest",)
    assert lock.spec == Spec(file=SPEC_FILE) and lock.kept == LOCK.kept
    assert json.loads(lock.text())["format_version"] == "1" and "migrations" not in lock.text()
    assert LOCK.migrations == ()


@pytest.mark.usefixtures("of_format_0")
@pytest.mark.parametrize(
    "text",
    [
        changed(format_version="0", spec=3),
        changed(format_version="0", spec="../x"),
        '{"format_version": "0"}',
        "[0]",
        "{",
    ],
)
def test_a_damaged_lock_of_an_earlier_format(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK_FILE).write_text(text)
    with pytest.raises(DiagnosticsError, match="GP402"):
        read_lock(tmp_path)


def test_drift_that_is_known_is_kept_with_its_place(tmp_path: Path) -> None:
    lines = "{tags: {at: storage.buckets, attributes: [tags.*], until: '2026-12-31', reason: finance}}"
    spec = f"{(REPOSITORY / 'blueprints/small-team/blueprint.yaml').read_text()}\ndrift:\n  ignore: {lines}\n"
    (tmp_path / SPEC_FILE).write_text(spec, encoding="utf-8")
    resolved = resolve_spec(tmp_path / SPEC_FILE, tmp_path)
    [line] = Lock.model_validate_json(resolved.render(tmp_path)[LOCK_FILE]).ignored
    assert (line.name, line.at, line.attributes, line.until.isoformat()) == (
        "tags", "storage.buckets", ("tags.*",), "2026-12-31",
    )  # fmt: skip
    assert line.place == Place(SPEC_FILE, len(spec.splitlines()))


@pytest.mark.parametrize(
    "line", [{}, {"until": "never"}, {"attributes": ["a"] * 21}, {"at": "a" * 400}, {"file": "/etc/passwd", "line": 1}]
)
def test_drift_that_is_known_is_read_as_strictly_as_the_rest(tmp_path: Path, line: dict[str, Any]) -> None:
    good = {"name": "tags", "at": "storage", "until": "2026-12-31", "reason": "finance"}
    record = {**good, **line} if line else {"name": "tags"}
    (tmp_path / LOCK_FILE).write_text(changed(ignored=[record]), encoding="utf-8")
    with pytest.raises(DiagnosticsError) as raised:
        read_lock(tmp_path)
    assert [one.code for one in raised.value.diagnostics] == ["GP402"]
