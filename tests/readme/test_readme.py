"""What the README shows is what the commands print; `--update-golden` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from groundplan.cli import COMMANDS
from tests.conftest import Golden

BLOCK = re.compile(r"<!-- shown: (?P<name>\w+) -->\n```(?P<language>\w*)\n(?P<text>.*?)```\n", re.DOTALL)


def groundplan(folder: Path, *arguments: str) -> str:
    """Everything the command prints, findings first, as a terminal without colour shows it."""
    command = [sys.executable, "-m", "groundplan", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else done.stderr + done.stdout


def table_of(comparison: str) -> str:
    """The table of totals and the best of it, without what stands above and below."""
    return "".join(f"{part}\n\n" for part in comparison.split("\n\n")[1:3]).rstrip("\n") + "\n"


def stages_of(summary: str) -> str:
    """The heading and a line for each stage, without the totals by kind and what differs from machine to machine."""
    return re.sub(r"^sandbox .*\n", "", "\n\n".join(summary.split("\n\n")[:2]) + "\n", flags=re.MULTILINE)


def section_of(spec: str, key: str) -> str:
    """The lines of one key at the top of a spec."""
    section = re.search(rf"^{key}:\n(?:[ ].*\n)+", spec, flags=re.MULTILINE)
    assert section, f"no `{key}` in the spec"
    return section[0]


EDITS = (
    ("retention_days: 365", "retention_days: 90"),
    ("      hours_per_month: 120", "      disk_gib: 300\n      hours_per_month: 120"),
    ("\nbudget:", "\ncluster: {endpoint: {public_cidrs: [203.0.113.0/24]}}\nbudget:"),
)


def edited(spec: str) -> str:
    """The spec with the changes that the README shows."""
    for before, after in EDITS:
        assert before in spec
        spec = spec.replace(before, after)
    return spec


def changed(folder: Path, spec: str) -> str:
    """What the edits of the spec would do to the environment that was built from it."""
    (folder / "demo/groundplan.yaml").write_text(edited(spec))
    command = ("change", "demo/groundplan.yaml", "-o", "out")
    done = subprocess.run(
        [sys.executable, "-m", "groundplan", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 6, done.stderr
    return f"$ groundplan {' '.join(command)}\n{done.stdout}"


def shown(folder: Path) -> dict[str, str]:
    groundplan(folder, "init", "demo", "--blueprint", "gpu-training", "--cloud", "aws")
    spec = (folder / "demo/groundplan.yaml").read_text()
    compare = ("compare", "demo/groundplan.yaml", "--regions", "us-east-1,us-central1")
    compare = (*compare, "--capacity", "on_demand,spot")
    return {
        "spec": section_of(re.sub(r"^#.*\n|^\n|[ ]+#.*$", "", spec, flags=re.MULTILINE), "training"),
        "build": stages_of(groundplan(folder, "build", "demo/groundplan.yaml", "-o", "out")),
        "compare": f"$ groundplan {' '.join(compare)}\n{table_of(groundplan(folder, *compare))}",
        "change": changed(folder, spec),
    }


def test_readme_shows_what_is_printed(tmp_path: Path, repository: Path, golden: Golden) -> None:
    readme = repository / "README.md"
    text, now = readme.read_text(encoding="utf-8"), shown(tmp_path)
    assert {m["name"] for m in BLOCK.finditer(text)} == now.keys()
    golden(readme, BLOCK.sub(lambda m: f"<!-- shown: {m['name']} -->\n```{m['language']}\n{now[m['name']]}```\n", text))


def test_readme_lists_every_command(repository: Path) -> None:
    """The table of commands, in the order of the help; subcommands and second forms stand beside theirs."""
    table = (
        (repository / "README.md").read_text(encoding="utf-8").split("| command | does |\n", 1)[1].split("\n\n", 1)[0]
    )
    first_column = [row.split(" | ", 1)[0] for row in table.splitlines()[1:]]
    named = [word for cell in first_column for word in re.findall(r"`(?:groundplan )?([a-z]+)", cell)]
    assert [word for word in dict.fromkeys(named) if word in COMMANDS] == list(COMMANDS)


def test_pictures_are_small_and_are_there(repository: Path) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (repository / "README.md").read_text(encoding="utf-8"))
    assert pictures == ["docs/images/comment.png"]
    content = (repository / pictures[0]).read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert len(content) < 150_000
