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

from groundplan.terraform.offline import OfflineSession, offline_session
from tools.module_docs import MODULES, blocks, module_folders

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
        return f"{self.module}-{self.variable}-{self.number}".replace("/", "-")

    def write(self, top: Path) -> None:
        """The module in a folder of its own, with only those runs that expect this variable to fail."""
        target = top / self.folder
        shutil.copytree(MODULES / self.module, target)
        file = target / "variables.tf"
        text = file.read_text(encoding="utf-8")
        (block,) = (b for b in blocks(text) if b.type == "variable" and b.labels == (self.variable,))
        found = list(VALIDATION.finditer(block.body))[self.number]
        body = (
            block.body[: found.start("condition")] + f" can(var.{self.variable})" + block.body[found.end("condition") :]
        )
        file.write_text(text.replace(block.body, body), encoding="utf-8")
        for test in (target / "tests").glob("*.tftest.hcl"):
            test.write_text(RUN.sub(self._kept, test.read_text(encoding="utf-8")), encoding="utf-8")

    def _kept(self, run: re.Match[str]) -> str:
        expected = re.search(r"expect_failures\s*=\s*\[([^\]]*)\]", run[0])
        return run[0] if expected and re.search(rf"\bvar\.{self.variable}\b", expected[1]) else ""


def mutants() -> Iterator[Mutant]:
    for folder in module_folders():
        for block in blocks((folder / "variables.tf").read_text(encoding="utf-8")):
            for number in range(block.count("validation")):
                yield Mutant(folder.relative_to(MODULES).as_posix(), block.labels[0], number)


MUTANTS = list(mutants())


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    top = tmp_path_factory.mktemp("mutants")
    for mutant in MUTANTS:
        mutant.write(top)
    with offline_session(top, []) as opened:
        yield opened


def test_there_are_validations() -> None:
    assert len(MUTANTS) > 50


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.folder)
def test_validation_is_needed(session: OfflineSession, mutant: Mutant) -> None:
    result = session.test(mutant.folder)
    assert result.failed + result.errored > 0, "no run fails when this validation accepts everything"
    assert not any("Unsupported" in d.message or "Invalid expression" in d.message for d in result.diagnostics)
