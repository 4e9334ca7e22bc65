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

from groundplan.terraform.offline import OfflineSession
from tests.modules.examples import NAMES
from tools.module_docs import MODULES, blocks

VALIDATION = re.compile(
    r"^  validation \{\n(?:    #[^\n]*\n)*    condition +=(?P<condition>.*?)\n    error_message",
    re.MULTILINE | re.DOTALL,
)
RUN = re.compile(r"^run \"[^\"]*\" \{\n.*?^\}\n?", re.MULTILINE | re.DOTALL)


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
        (block,) = (b for b in blocks(text) if b.type == "variable" and b.labels == (self.variable,))
        found = list(VALIDATION.finditer(block.body))[self.number]
        body = (
            block.body[: found.start("condition")] + f" can(var.{self.variable})" + block.body[found.end("condition") :]
        )
        file.write_text(text.replace(block.body, body), encoding="utf-8")
        for test in (MODULES / self.module / "tests").glob("*.tftest.hcl"):
            runs = RUN.sub(self._kept, test.read_text(encoding="utf-8"))
            if RUN.search(runs):
                (top / "tests" / f"{self.folder}.{test.name}").write_text(runs, encoding="utf-8")

    def _kept(self, run: re.Match[str]) -> str:
        expected = re.search(r"expect_failures\s*=\s*\[([^\]]*)\]", run[0])
        if not expected or not re.search(rf"\bvar\.{self.variable}\b", expected[1]):
            return ""
        first, rest = run[0].split("\n", 1)
        return f'{first}\n  module {{\n    source = "./{self.folder}"\n  }}\n{rest}'


def mutants(module: str) -> Iterator[Mutant]:
    for block in blocks((MODULES / module / "variables.tf").read_text(encoding="utf-8")):
        for number in range(block.count("validation")):
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
