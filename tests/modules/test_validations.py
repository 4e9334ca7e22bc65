"""Every validation decides something: with a condition that always holds, the module's own tests fail.

`tests/architecture/test_modules.py` counts validations and runs that must fail; this shows that each run fails for the
validation it is meant for, and that no validation is dead.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse
from groundplan.terraform.offline import OfflineSession
from tests.modules.examples import NAMES
from tools.module_docs import MODULES


@dataclass(frozen=True)
class Mutant:
    """A module whose `number`th validation of a variable accepts everything."""

    module: str
    variable: str
    number: int

    @property
    def folder(self) -> str:
        return f"{self.variable}-{self.number}"

    def write(self, top: Path) -> None:
        """The module in a folder below `top`; in `top/tests` only those runs that expect this variable to fail."""
        target = top / self.folder
        shutil.copytree(MODULES / self.module, target, ignore=shutil.ignore_patterns("tests"))
        file = target / "variables.tf"
        text = file.read_text(encoding="utf-8")
        (block,) = (b for b in parse(text, file.name).blocks if b.labels == (self.variable,))
        condition = validations(block)[self.number].attributes["condition"].value
        assert text.count(condition) == 1
        file.write_text(text.replace(condition, f"can(var.{self.variable})"), encoding="utf-8")
        for test in (MODULES / self.module / "tests").glob("*.tftest.hcl"):
            if runs := self._runs(test):
                (top / "tests" / f"{self.folder}.{test.name}").write_text(runs, encoding="utf-8")

    def _runs(self, test: Path) -> str:
        """The test file with those runs alone that expect the variable to fail; empty without any."""
        lines = test.read_text(encoding="utf-8").splitlines(keepends=True)
        blocks = parse("".join(lines), test.name).blocks
        starts = [block.place.line - 1 for block in blocks]
        kept, parts = 0, lines[: starts[0]]
        for block, start, end in zip(blocks, starts, [*starts[1:], len(lines)], strict=True):
            part = lines[start:end]
            if block.type == "run":
                if not self._expects(block):
                    continue
                kept += 1
                part.insert(1, f'  module {{\n    source = "./{self.folder}"\n  }}\n')
            parts += part
        return "".join(parts) if kept else ""

    def _expects(self, run: Block) -> bool:
        expected = run.attributes.get("expect_failures")
        return expected is not None and bool(re.search(rf"\bvar\.{self.variable}\b", expected.value))


def validations(variable: Block) -> list[Block]:
    return [block for block in variable.blocks if block.type == "validation"]


def mutants(module: str) -> Iterator[Mutant]:
    for block in parse((MODULES / module / "variables.tf").read_text(encoding="utf-8"), "variables.tf").blocks:
        for number in range(len(validations(block))):
            yield Mutant(module, block.labels[0], number)


MUTANTS = {name: found for name in NAMES if (found := list(mutants(name)))}


def failures(session: OfflineSession, module: str) -> tuple[set[str], list[str]]:
    """The mutants for which a run fails, and what Terraform finds wrong in any: all mutants in one `terraform test`."""
    name = f"mutants-{module.replace('/', '-')}"
    top = session.copy_of(name)
    (top / "tests").mkdir(parents=True)
    shutil.copy(MODULES / module / "versions.tf", top)
    for mutant in MUTANTS[module]:
        mutant.write(top)
    ready = session.run(name, "init", "-input=false", "-no-color")
    assert ready.returncode == 0, ready.stdout + ready.stderr
    messages = session.run(name, "test", "-json", "-no-color").messages()
    files = [message["test_file"] for message in messages if message["type"] == "test_file"]
    failed = {file["path"] for file in files if file.get("status") in ("fail", "error")}
    wrong = [message["diagnostic"]["summary"] for message in messages if message["type"] == "diagnostic"]
    return {path.removeprefix("tests/").partition(".")[0] for path in failed}, wrong


def test_there_are_validations() -> None:
    assert sum(map(len, MUTANTS.values())) > 400


@pytest.mark.parametrize("module", MUTANTS)
def test_validations_are_needed(session: OfflineSession, module: str) -> None:
    failed, wrong = failures(session, module)
    idle = {mutant.folder for mutant in MUTANTS[module]} - failed
    assert not idle, "no run fails when these validations accept everything"
    assert not [summary for summary in wrong if "Unsupported" in summary or "Invalid expression" in summary]
