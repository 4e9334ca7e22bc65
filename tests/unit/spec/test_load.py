"""Reading files: places are exact, and what cannot be read says so without blocking or reading it all."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.spec.load import MAX_BYTES, load
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml

FULL = Path(__file__).resolve().parents[2] / "specs/valid/full.yaml"


def problem(path: Path) -> Diagnostic:
    with pytest.raises(DiagnosticsError) as caught:
        load(path)
    (found,) = caught.value.diagnostics
    return found


def test_every_key_and_value_has_its_place() -> None:
    document = load(FULL)
    lines = FULL.read_text().splitlines()
    assert len(document.places) > 100
    for path, entry in document.places.items():
        key, value = path[-1], entry.value
        if isinstance(key, str):
            assert lines[entry.key.line - 1][entry.key.column - 1 :].startswith(f"{key}:")
            assert entry.key_length == len(key)
        if entry.written is not None:
            start = value.column - 1
            assert lines[value.line - 1][start : start + entry.value_length] == entry.written


def test_files_show_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FULL.parent)
    assert load(Path("full.yaml")).places["name",].value == Place("full.yaml", 3, 7)


@pytest.mark.parametrize(
    ("text", "column"),
    [("a: b", 4), ("größe: b", 8), ('"開発": b', 7), ("a:   b", 6), ("? a\n: b", 3)],
)
def test_columns_count_characters(text: str, column: int) -> None:
    (entry,) = parse_yaml(text, "f").places.values()
    assert entry.value.column == column


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_count_as_yaml_counts_them(line_break: str) -> None:
    document = parse_yaml(f"a: 1{line_break}b: 2{line_break}", "f")
    assert document.places["b",].key == Place("f", 2, 1)
    assert document.snippet(document.place(("b",)), 1).text == "b: 2"


def test_missing_file_names_a_near_one(tmp_path: Path) -> None:
    (tmp_path / "groundplan.yaml").write_text("a: 1\n")
    found = problem(tmp_path / "groundpaln.yaml")
    assert (found.code, found.hint) == ("GP101", "did you mean `groundplan.yaml`?")
    assert "groundplan init" in (problem(tmp_path / "elsewhere/spec.txt").hint or "")


def test_folder_names_the_file_in_it(tmp_path: Path) -> None:
    assert problem(tmp_path).message == "cannot read the spec: is a folder"
    (tmp_path / "groundplan.yaml").write_text("a: 1\n")
    assert problem(tmp_path).hint == f"give the file in it: {tmp_path / 'groundplan.yaml'}"


def test_pipe_and_device_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        assert problem(path).message == "cannot read the spec: is not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text("a: 1\n")
    path.chmod(0)
    assert problem(path).message == "cannot read the spec: no permission to read it"


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 300 + ".yaml"])
def test_impossible_paths(name: str, tmp_path: Path) -> None:
    assert problem(tmp_path / name).code == "GP101"


def test_large_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)  # a hole: reading it all would take minutes and 10 GiB
    started = time.process_time()
    assert problem(path).code == "GP105"
    assert time.process_time() - started < 0.5


def test_largest_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    text = FULL.read_text()
    path.write_text(text + "#" * (MAX_BYTES - len(text.encode())))
    assert parse(load(path)).name == "fraud-prod"


def test_deep_and_wide_files_are_refused_at_once() -> None:
    chain = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 3_000))
    for text in (chain, "a: " + "[" * 200_000, "a: " + "{a: " * 50_000, "- " * 100_000, "a: [" + "1," * 100_000 + "]"):
        started = time.process_time()
        with pytest.raises(DiagnosticsError) as caught:
            parse_yaml(text, "f")
        assert [found.code for found in caught.value.diagnostics] == ["GP105"]
        assert time.process_time() - started < 3


def test_many_problems_take_little_time() -> None:
    values = "apiVersion: groundplan/v1\n" + "".join(f"key{i}: 1\n" for i in range(9_000))
    buckets = "storage:\n  buckets:\n" + "".join(f"    b{i}: 1\n" for i in range(3_000))
    reads = "training: {pools: {p: {reads: [" + ", ".join(f"c{i}" for i in range(3_000)) + "]}}}\n"
    for text in ("a: 1\n" * 30_000, values, buckets + reads, "k" * 200_000 + ": 1\n"):
        started = time.process_time()
        with pytest.raises(DiagnosticsError) as caught:
            parse(parse_yaml(text, "f"))
        assert caught.value.diagnostics
        assert time.process_time() - started < 6


def test_merge_keys_fill_in_what_is_absent() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: [*b, {z: 3, x: 9}], w: 0}\n"
    document = parse_yaml(text, "f")
    assert document.values["c"] == {"w": 0, "y": 2, "x": 1, "z": 3}
    assert document.places["c", "x"].value == Place("f", 1, 11)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.30", 1.3), ("yes", True), ("off", False), ("~", None), ("", None), ("0x1F", 31), ("12:30", 750),
        ("012345678901", "012345678901"), ("1e3", "1e3"), ("0b_", "0b_"), ("9" * 5_000, "9" * 5_000), ("'7'", "7"),
        ("=", "="), ("<", "<"),
    ],
)  # fmt: skip
def test_scalars_are_read_as_yaml_1_1_reads_them(text: str, value: object) -> None:
    (found,) = parse_yaml(f"a: {text}\n", "f").values.values()
    assert (found, type(found)) == (value, type(value))
