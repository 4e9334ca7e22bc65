"""Reading files: places are exact, and what cannot be read says so without blocking or reading it all."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
import yaml

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.spec import yaml_nodes
from groundplan.spec.load import MAX_BYTES, load
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml
from tests.benchmarks.hostile import HOSTILE

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
        file.truncate(10 * 2**30)  # a hole: takes no space on the disk
    tracemalloc.start()
    assert problem(path).code == "GP105"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * MAX_BYTES


def test_largest_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    text = FULL.read_text()
    path.write_text(text + "#" * (MAX_BYTES - len(text.encode())))
    assert parse(load(path)).name == "fraud-prod"


HOSTILE_CODES = {
    "merge keys": ["GP105"],
    "deep list": ["GP105"],
    "deep mapping": ["GP105"],
    "deep block": ["GP105"],
    "wide list": ["GP105"],
    "flat, then an error": ["GP102"],
    "the same key": ["GP103", "GP201", "GP202", "GP208"],
    "unknown keys": ["GP201", "GP202", "GP208"],
    "unknown names": ["GP202", "GP203", "GP204", "GP207", "GP208"],
    "a long key": ["GP102"],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused(name: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        parse(parse_yaml(HOSTILE[name], "f"))
    assert sorted({found.code for found in caught.value.diagnostics}) == HOSTILE_CODES[name]


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("a: " + "[" * 32 + "]" * 32, "nested more than 32 levels deep", 35),
        ("a: " + "[" * 1_010, "nested more than 32 levels deep", 35),
        ("a: " + "[" * 1_010 + "]" * 1_010, "nested more than 32 levels deep", 35),
        ("[" * 1_010 + ": 1", "nested more than 32 levels deep", 33),
        ("a: " + "[" * 1_500 + "%", "nested more than 32 levels deep", 35),
        ("a: " + "[" * 1_001 + "%", "text cannot start with `%`", 1_005),
        ("a: " + "[" * 40 + "%", "text cannot start with `%`", 44),
    ],
)
def test_depth_is_found_where_the_parser_would_give_up(
    text: str, message: str, column: int, loader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libyaml 0.2.6, in PyYAML 6.0.4, refuses more than 1,000 brackets, and may say so before any level is read."""
    monkeypatch.setattr(yaml_nodes, "_Loader", loader)
    with pytest.raises(DiagnosticsError) as caught:
        parse_yaml(text, "f")
    (found,) = caught.value.diagnostics
    assert (found.message, found.place) == (message, Place("f", 1, column))


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


@pytest.mark.parametrize("target", ["/etc/passwd", "/proc/self/environ", "../secret", "../../base.yaml", "/dev/zero"])
def test_a_spec_that_is_a_link_leads_to_no_other_file(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    for name in ("base.yaml", "secret", "a/secret", "a/base.yaml"):
        (tmp_path / name).write_text("password: hunter2\n", encoding="utf-8")
    (folder / "spec.yaml").symlink_to(target)
    with pytest.raises(DiagnosticsError) as caught:
        load(folder / "spec.yaml")
    assert "hunter2" not in repr(caught.value.diagnostics)
    (folder / "fine.yaml").symlink_to("../base.yaml")
    assert load(folder / "fine.yaml").values == {"password": "hunter2"}


def test_what_is_wrong_without_end_is_counted() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        load(Path("spec.yaml"), read=lambda _: b"- !!a b\n" * 30_000)
    found = caught.value.diagnostics
    assert (len(found), found[-1].message) == (201, "and 29,801 more")
