"""Rules about every file of the repository: what a clone holds is true, linked and says nothing about one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from groundplan.cli import COMMANDS
from tests.architecture.sources import REPOSITORY, repository_files, texts

MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/(?!(?:me|kubernetes)\b)[a-z]+|tmp/[a-z])(?:/|\b)|[A-Z]:\\Users")
INDEX_HOST = re.compile(
    r"pypi\.(?:org|io)|pythonhosted|npmjs|(?:deb|archive|security)\.(?:debian|ubuntu)", re.IGNORECASE
)
ALLOWED_MACHINE = {"tests/architecture/test_repository.py"}

LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = ("", "console", "sh", "shell", "bash")
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?groundplan (.+)$", re.MULTILINE)
MAKE = re.compile(r"^(?:\$ )?make ([a-z-]+)", re.MULTILINE)

DOCUMENTS = [path for path in repository_files() if path.suffix == ".md"]


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_no_path_of_one_machine_and_no_package_index() -> None:
    found = [
        f"{name(path)}: {match[0]}"
        for path, text in texts()
        if name(path) not in ALLOWED_MACHINE
        for pattern in (MACHINE, INDEX_HOST)
        for match in pattern.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_text_files_are_tidy() -> None:
    """UTF-8 with one newline at the end, no carriage return, no blanks at line ends."""
    odd = [
        name(path)
        for path, text in texts(".py", ".tf", ".hcl", ".j2", ".md", ".yaml", ".toml", ".csv", ".json")
        if not re.search(r"^tests/(specs|schemas)/|/golden/", name(path))
        and text
        and (
            "\ufffd" in text
            or "\r" in text
            or re.search(r"[ \t]$", text, re.MULTILINE)
            or text[-1] != "\n"
            or text[-2:] == "\n\n"
        )
    ]
    assert not odd


def test_nothing_is_left_to_do_in_the_code() -> None:
    marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    left = [name(path) for path, text in texts(".py", ".tf", ".j2", ".hcl") if marks.search(text)]
    assert not left


def test_decisions_are_dated_and_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| ([\d-]+) \| \[.+?\]\((\S+)\) \|$", index, re.MULTILINE)
    pages = {path.name: path.read_text("utf-8") for path in folder.glob("*.md") if path.name != "README.md"}
    dates = {page: re.findall(r"^(\d{4}-\d\d-\d\d)$", text, re.MULTILINE)[:1] for page, text in pages.items()}
    assert pages
    assert {page: [date] for date, page in listed} == dates
    assert all(text.count("\n") <= 45 for text in pages.values()), "half a screen"


def test_no_large_file_slips_in() -> None:
    assert [name(path) for path in repository_files() if path.stat().st_size > 1_500_000] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_resolve(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    broken = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (document.parent / target).resolve() if target else document
        if not file.exists():
            broken.append(link)
        elif anchor and file.suffix == ".md":
            titles = {slug(title) for title in HEADING.findall(file.read_text(encoding="utf-8"))}
            broken += [] if anchor in titles else [link]
    assert not broken


def slug(title: str) -> str:
    """The anchor that forges make of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def shown() -> list[tuple[Path, str]]:
    """Shell blocks of all documents."""
    fences = [(path, *fence) for path in DOCUMENTS for fence in FENCE.findall(path.read_text(encoding="utf-8"))]
    return [(path, block) for path, language, block in fences if language in SHELL]


def test_commands_in_documents_exist() -> None:
    wrong = []
    count = 0
    for path, block in shown():
        for line in COMMAND.findall(block):
            count += 1
            words = line.split("#")[0].split()
            command, flags = words[0], {word.split("=")[0] for word in words if word.startswith("-")}
            if command not in COMMANDS and not command.startswith("-"):
                wrong.append(f"{name(path)}: groundplan {command}")
            elif command in COMMANDS and flags - options(command):
                wrong.append(f"{name(path)}: groundplan {command} {sorted(flags - options(command))}")
    assert count > 3
    assert not wrong, "\n".join(wrong)


def options(command: str) -> set[str]:
    """Every flag of a command, and of its own commands."""
    found: click.Command = import_module(f"groundplan.cli.{command}").command
    several = [found, *(found.commands.values() if isinstance(found, click.Group) else ())]
    parameters = [parameter for one in several for parameter in one.params]
    return {flag for parameter in parameters for flag in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help",
        "-h",
    }


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    wanted = {target for _, block in shown() for target in MAKE.findall(block)}
    assert {"demo", "test"} <= wanted
    assert wanted <= targets


def test_ci_calls_what_the_readme_calls() -> None:
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert {"lint", "test"} <= set(re.findall(r"\b(lint|test|demo)\b", ci))
    assert "pip install" not in ci


def test_terraform_files_are_formatted() -> None:
    folders = {path.relative_to(REPOSITORY).parts[0] for path in repository_files() if path.suffix == ".tf"}
    assert "modules" in folders
    program = Path(sys.executable).with_name("groundplan-terraform")
    for folder in sorted(folders):
        arguments = [str(program), "fmt", "-check", "-recursive", "-diff", folder]
        done = subprocess.run(arguments, cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_test_functions_assert_something() -> None:
    """A test that asserts nothing passes for ever. What it calls in its own file, or a `validate`, may do it."""
    empty = []
    for path, text in texts(".py"):
        if path.name.startswith("test_"):
            functions = {n.name: n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)}
            asserting = {function for function, node in functions.items() if asserts(node)}
            for _ in range(3):
                asserting |= {function for function, node in functions.items() if calls(node) & asserting}
            empty += [f"{name(path)} {f}" for f in functions if f.startswith("test_") and f not in asserting]
    assert not empty, "\n".join(empty)


def test_only_the_benchmarks_measure_time() -> None:
    """A test that demands a duration fails on a busy machine; waiting with a limit is another matter."""
    clocks = re.compile(r"\b(?:process_time|perf_counter|timeit)\b|\.seconds\b|\bdeadline=(?!None)")
    found = [
        f"{name(path)}: {match[0]}"
        for path, text in texts(".py")
        if name(path).startswith("tests/") and not name(path).startswith("tests/benchmarks/")
        for match in clocks.finditer(text)
        if not name(path).endswith("architecture/test_repository.py")
    ]
    assert not found, "\n".join(found)


def calls(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def asserts(function: ast.FunctionDef) -> bool:
    checking = re.compile(r"\bpytest\.(?:raises|fail)$|^golden$|\bassert_\w+$|\bjsonschema\.validate$|\.check_schema$")
    return any(isinstance(node, ast.Assert) for node in ast.walk(function)) or any(
        map(checking.search, calls(function))
    )
