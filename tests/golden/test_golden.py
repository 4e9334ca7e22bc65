"""Every blueprint on every cloud, and one of them in its other sizes, as resolved, rendered and priced: kept here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.environment.files import LOCK_FILE, SPEC_FILE
from groundplan.views import cost as cost_view
from groundplan.views import stack as stack_view
from tests.conftest import Golden
from tests.sizes import GOLDEN, ids, spec_text

HERE = Path(__file__).parent
MAIN = re.compile(r"\d\d-\w+/main\.tf")
DEFAULTS = [case for case in GOLDEN if case[2] == "default"]
CHANGED = [case for case in GOLDEN if case[2] != "default"]


@pytest.fixture(scope="module", params=DEFAULTS, ids=ids(DEFAULTS))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Resolved]:
    """The golden folder, and the resolved spec."""
    return made(request.param, tmp_path_factory)


@pytest.fixture(scope="module", params=CHANGED, ids=ids(CHANGED))
def changed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Resolved]:
    """The same for blueprints of another size."""
    return made(request.param, tmp_path_factory)


def made(case: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Resolved]:
    blueprint, provider, size = case
    spec = tmp_path_factory.mktemp(blueprint) / SPEC_FILE
    spec.write_text(spec_text(*case), encoding="utf-8")
    folder = f"{blueprint}-{provider}" if size == "default" else f"{blueprint}-{provider}-{size}"
    return HERE / folder, resolve_spec(spec)


def test_stack(case: tuple[Path, Resolved], golden: Golden) -> None:
    folder, resolved = case
    stack = resolved.stack
    made = {"stack": stack_view.as_json(stack), "decisions": stack_view.decisions_json(stack.decisions)}
    golden(folder / "stack.json", json.dumps(stated(made), indent=2, ensure_ascii=False) + "\n")


def stated(value: Any) -> Any:
    """The value without what is not set, so that a new key changes only the goldens that set it."""
    if isinstance(value, dict):
        kept = {key: stated(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, [], {})}
    return [stated(inner) for inner in value] if isinstance(value, list) else value


def test_a_golden_keeps_what_is_set() -> None:
    value = {"a": None, "b": [], "c": {"d": None}, "e": [{"f": None, "g": 0}, {}], "h": False, "i": "", "j": {"k": 1}}
    assert stated(value) == {"e": [{"g": 0}, {}], "h": False, "i": "", "j": {"k": 1}}


def test_cost(case: tuple[Path, Resolved], golden: Golden) -> None:
    folder, resolved = case
    golden(folder / "cost.txt", cost_view.text(resolved.estimate(), color=False))


def test_files(case: tuple[Path, Resolved], golden: Golden, tmp_path: Path) -> None:
    """The list of all files, and the text of those that are not copies of modules."""
    folder, resolved = case
    files = resolved.render(tmp_path)
    golden(folder / "files.txt", "".join(f"{name}\n" for name in files))
    own = {name for name in files if not name.startswith("modules/") and name not in (LOCK_FILE, SPEC_FILE)}
    for name in sorted(own):
        golden(folder / "files" / name, files[name])
    kept = {path.relative_to(folder / "files").as_posix() for path in (folder / "files").rglob("*") if path.is_file()}
    assert kept == own, "files of an earlier rendering are left in the golden folder"


def test_other_sizes(changed: tuple[Path, Resolved], golden: Golden, tmp_path: Path) -> None:
    """What a user reads first: the spec, the estimate, the README and the calls of each root."""
    folder, resolved = changed
    files = resolved.render(tmp_path)
    shown = {name: text for name, text in files.items() if name == SPEC_FILE or MAIN.fullmatch(name)}
    # Its links lead to files that are not kept here.
    shown |= {"README.txt": files["README.md"], "cost.txt": cost_view.text(resolved.estimate(), color=False)}
    for name in sorted(shown):
        golden(folder / name, shown[name])
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert kept == shown.keys(), "files of an earlier rendering are left in the golden folder"


def test_no_golden_folder_is_left_over() -> None:
    folders = {name.removesuffix("-default") for name in ids(GOLDEN)}
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"} == folders


def test_the_same_spec_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    """Other hash seeds, working folders, time zones, locales, umasks and orders of the same keys."""
    text = spec_text("llm-finetuning", "aws")
    results = set()
    settings = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LANG": "tr_TR.UTF-8"},
    ]
    for number, setting in enumerate(settings):
        work = tmp_path / str(number) / "work"
        work.mkdir(parents=True)
        spec = work / "spec.yaml"
        spec.write_text(text, encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
        subprocess.run(
            [sys.executable, "-m", "groundplan", "render", str(spec), "-o", "out"],
            cwd=work,
            env={**environment, **setting},
            check=True,
            capture_output=True,
        )
        out = work / "out"
        files = {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
        results.add(tuple(sorted(files.items())))
    assert len(results) == 1


def test_rendering_twice_changes_nothing(tmp_path: Path) -> None:
    spec = tmp_path / SPEC_FILE
    spec.write_text(spec_text("gpu-training", "aws"), encoding="utf-8")
    assert resolve_spec(spec).render(tmp_path / "out") == resolve_spec(spec).render(tmp_path / "out")


def test_the_copy_of_the_spec_renders_to_the_same_files(tmp_path: Path) -> None:
    """The environment stands alone: rendering its own copy in place gives every file again."""
    spec, out = tmp_path / "mine.yaml", tmp_path / "out"
    spec.write_text(spec_text("gpu-training", "aws"), encoding="utf-8")
    files = dict(resolve_spec(spec).render(out))
    out.mkdir()
    (out / SPEC_FILE).write_text(files.pop(SPEC_FILE), encoding="utf-8")
    again = dict(resolve_spec(out / SPEC_FILE).render(out))
    locks = [json.loads(made.pop(LOCK_FILE)) for made in (files, again)]
    assert again == files
    assert [lock["spec"].pop("copied") for lock in locks] == [True, False]
    assert locks[0] == locks[1]


def test_a_spec_that_extends_another_is_copied_as_one(tmp_path: Path) -> None:
    values = yaml.safe_load(spec_text("gpu-training", "aws"))
    base = {key: value for key, value in values.items() if key != "name"}
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(base, sort_keys=False), encoding="utf-8")
    (tmp_path / "spec.yaml").write_text("extends: base.yaml\nname: gpu-training\n", encoding="utf-8")
    files = dict(resolve_spec(tmp_path / "spec.yaml").render(tmp_path / "out"))
    copy = files[SPEC_FILE]
    assert "extends" not in copy
    assert yaml.safe_load(copy) == values
