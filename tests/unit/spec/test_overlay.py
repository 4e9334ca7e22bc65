"""`extends`: what it may reach, how files merge, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.document import Document
from groundplan.spec.flatten import flatten
from groundplan.spec.load import load
from groundplan.spec.overlay import MAX_CHAIN, MAX_FILES
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml

SPECS = Path(__file__).resolve().parents[2] / "specs"


def write(folder: Path, **files: str) -> Path:
    """Writes `name=text` as name.yaml and returns the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / f"{next(iter(files))}.yaml"


def messages(path: Path) -> list[str]:
    with pytest.raises(DiagnosticsError) as caught:
        load(path)
    return [f"{Path(found.place.file).name}:{found.place.line} {found.code} {found.message}" for found in
            caught.value.diagnostics if found.place]  # fmt: skip


def source(document: Document, *path: str | int) -> str:
    place = document.place(path)
    return f"{Path(place.file).name}:{place.line}"


def test_mappings_merge_lists_replace_null_removes(tmp_path: Path) -> None:
    spec = write(
        tmp_path,
        spec="extends: base.yaml\nnetwork:\n  zones: 2\n  nat: ~\nlist: [c]\nkind: text\n",
        base="owner: us\nnetwork:\n  zones: 3\n  nat: single\n  cidr: 10.0.0.0/16\nlist: [a, b]\nkind: {x: 1}\n",
    )
    document = load(spec)
    assert document.values == {
        "owner": "us",
        "network": {"zones": 2, "cidr": "10.0.0.0/16"},
        "list": ["c"],
        "kind": "text",
    }
    assert source(document, "owner") == "base.yaml:1"
    assert source(document, "network", "zones") == "spec.yaml:3"
    assert source(document, "network", "cidr") == "base.yaml:5"
    assert source(document, "list", 0) == "spec.yaml:5"
    gone = {("network", "nat"), ("list", 1), ("kind", "x"), ("extends",)}
    assert not gone & set(document.places)


def test_later_bases_win_and_bases_have_bases(tmp_path: Path) -> None:
    spec = write(
        tmp_path / "env/dev",
        spec="extends: [../one.yaml, ../two.yaml]\nc: 3\n",
    )
    write(tmp_path / "env", one="extends: shared/root.yaml\na: 1\nb: 1\nc: 1\n", two="b: 2\nc: 2\n")
    write(tmp_path / "env/shared", root="a: 0\nd: 0\n")
    document = load(spec)
    assert document.values == {"a": 1, "b": 2, "c": 3, "d": 0}
    assert [source(document, key) for key in "abcd"] == ["one.yaml:2", "two.yaml:1", "spec.yaml:2", "root.yaml:2"]
    assert {Path(file).name for file in document.sources} == {"spec.yaml", "one.yaml", "two.yaml", "root.yaml"}


def test_reach_ends_one_folder_up_for_bases_too(tmp_path: Path) -> None:
    write(tmp_path, outside="a: 1\n")
    spec = write(tmp_path / "env/dev", spec="extends: ../base.yaml\n", direct="extends: ../../outside.yaml\n")
    write(tmp_path / "env", base="extends: ../outside.yaml\n")
    refused = "GP106 `{}` leads out of the folders a spec may build on"
    assert messages(spec) == [f"base.yaml:1 {refused.format('../outside.yaml')}"]
    assert messages(tmp_path / "env/dev/direct.yaml") == [f"direct.yaml:1 {refused.format('../../outside.yaml')}"]


def test_symlinks_are_judged_by_where_they_lead(tmp_path: Path) -> None:
    write(tmp_path, outside="a: 1\n")
    spec = write(tmp_path / "env/dev", spec="extends: link.yaml\n", other="extends: down/outside.yaml\n")
    (spec.parent / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (spec.parent / "down").symlink_to(tmp_path)
    assert "leads out" in messages(spec)[0]
    assert "leads out" in messages(spec.with_name("other.yaml"))[0]
    (spec.parent / "link.yaml").unlink()
    (spec.parent / "link.yaml").symlink_to("inside.yaml")
    write(spec.parent, inside="a: 2\n")
    assert load(spec).values == {"a": 2}


def test_cycles_end(tmp_path: Path) -> None:
    spec = write(tmp_path, a="extends: b.yaml\n", b="extends: [c.yaml]\n", c="x: 1\nextends: a.yaml\n")
    assert messages(spec) == ["c.yaml:2 GP106 `a.yaml` extends this file in turn"]


def test_chains_and_crowds_are_limited(tmp_path: Path) -> None:
    chain = {f"f{i}": f"extends: f{i + 1}.yaml\n" for i in range(MAX_CHAIN + 1)}
    spec = write(tmp_path, **chain, **{f"f{MAX_CHAIN + 1}": "a: 1\n"})
    assert messages(spec) == [f"f{MAX_CHAIN}.yaml:1 GP106 `f{MAX_CHAIN + 1}.yaml` is one base too many"]
    assert load(tmp_path / "f1.yaml").values == {"a": 1}
    crowd = write(tmp_path, crowd="extends: [" + ", ".join(["f6.yaml"] * (MAX_FILES + 1)) + "]\n")
    assert messages(crowd) == ["crowd.yaml:1 GP106 `f6.yaml` is one base too many"]


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    spec = write(
        tmp_path, spec="extends: [one.yaml, two.yaml, tow.yml]\n", one="a: [\n", two="a: 1\nb: 1\na: 2\n"
    )  # fmt: skip
    assert messages(spec) == [
        "one.yaml:2 GP102 the file ends inside brackets",
        "spec.yaml:1 GP106 `tow.yml` is not there",
        "two.yaml:3 GP103 `a` given twice",
    ]


def test_flattened_spec_says_the_same() -> None:
    for path in sorted((SPECS / "valid").glob("*.yaml")):
        document = load(path)
        text = flatten(document)
        assert "\nextends:" not in text
        assert parse(parse_yaml(text, "flat.yaml")) == parse(document)
