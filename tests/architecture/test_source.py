"""Rules about the package's source that a reviewer forgets to check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from groundplan.clouds import CLOUDS
from groundplan.components import PACKAGES
from groundplan.components.load import components
from groundplan.diagnostics import CODES
from tests.architecture.sources import PACKAGE, REPOSITORY, module_name, parsed
from tools.module_docs import MODULES, module_folders

PRINTING = ("groundplan.views", "groundplan.cli")
CLOUD_WORD = re.compile(r"(?<![a-z])(aws|amazon|ec2|eks|ecr|gcp|google|gke|azure|azurerm|aks)(?![a-z])", re.IGNORECASE)

CLOUDS_ALLOWED = {
    "groundplan.clouds": "what a cloud is",
    "groundplan.terraform.plugin.answers": "what each provider's data sources answer",
    "groundplan.terraform.plugin.synthetic": "made-up values look like those of each provider",
    "groundplan.check.rules": "a rule is about resource types, in a file of its own",
    "groundplan.access.aws": "what one cloud evaluates",
    "groundplan.access.gcp": "what one cloud evaluates",
    "groundplan.change.access.aws": "what resource types of one provider let in",
    "groundplan.change.access.policy": "policy documents as one provider has them",
}
"""Where a condition may name a cloud, and why."""

IMPURE = {
    *("os.environ", "os.getenv", "os.getcwd", "Path.cwd", "Path.home", "date.today", "time.time"),
    *("uuid.uuid1", "uuid.uuid4"),
    *("datetime.now", "datetime.utcnow", "datetime.today"),
}
IMPURE_MODULES = {"http.client", "random", "requests", "secrets", "socket", "urllib.request"}
IMPURE_ALLOWED = {
    "groundplan.charts.http": "asks repositories of charts, for `charts pull` alone",
    "groundplan.cli": "the layer that reads clock, environment and working directory for the others",
    "groundplan.live.reach": "one connection to a cluster, before Terraform makes many",
    "groundplan.sandbox.launch": "becomes another program, in the folder it was started in, and relays its connections",
    "groundplan.terraform.state_server": "listens on loopback, at addresses that nobody can guess",
    "groundplan.views.console": "streams and NO_COLOR of the process, as a default argument",
}
"""Where clock, environment, randomness and network may be read, and why."""

BROAD_ALLOWED = {
    "groundplan.check.worker": "whatever checkov raises is an answer of the process that serves it",
    "groundplan.cli": "the one place where every command ends, whatever ends it",
}
"""Where a handler may catch everything, and why."""

POSSESSIVE_GROUP = re.compile(r"\)(?:[+*?]|\{\d*,?\d*\})\+|\(\?>")
"""A group that does not give back: `(…)++`, `(…)*+`, `(?>…)`. Single characters may be so repeated."""

REFERENCE = re.compile(r"(?<![\w./-])(?:module|var|data|local)\.")
REFERENCES_ALLOWED = {
    "groundplan.hcl.references": "writes them",
    "groundplan.check.plan": "addresses in plans of Terraform",
    "groundplan.check.rules.token_in_state": "a message",
    "groundplan.cost.plan.configuration": "references in plans of Terraform",
    "groundplan.cost.plan.found": "addresses in plans of Terraform",
    "groundplan.cost.plan.providers": "references in plans of Terraform",
    "groundplan.cost.plan.resources": "references in plans of Terraform",
    "groundplan.terraform.rehearsal": "addresses in states of Terraform",
}
"""Where a string may hold a reference of Terraform, and why; everywhere else it is a term that can be checked."""


def within(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def spot(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 0)}"


def dotted(node: ast.AST) -> str:
    """`os.environ` for the attribute access of that name; empty for anything more complicated."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def conditions(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything that decides: tests of if, while, assert, conditional expressions and comprehensions, comparisons."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.match_case):
            yield node.pattern
        elif isinstance(node, ast.Compare | ast.BoolOp):
            yield node


def test_conditions_name_no_cloud() -> None:
    wrong = set()
    count = 0
    for path, tree in parsed():
        if within(module_name(path), CLOUDS_ALLOWED):
            continue
        for condition in conditions(tree):
            count += 1
            for node in ast.walk(condition):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CLOUD_WORD.search(node.value):
                    wrong.add(f"{spot(path, node)} decides by {node.value!r}")
    assert count > 100
    assert not wrong, "\n".join(sorted(wrong))


def test_only_views_and_the_command_line_print() -> None:
    wrong = [
        f"{spot(path, node)} prints"
        for path, tree in parsed()
        if not within(module_name(path), PRINTING)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            dotted(node.func) in ("print", "click.echo") or dotted(node.func).startswith(("sys.stdout.", "sys.stderr."))
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_below_the_command_line_nothing_depends_on_clock_environment_or_chance() -> None:
    wrong = []
    for path, tree in parsed():
        if within(module_name(path), IMPURE_ALLOWED):
            continue
        for node in ast.walk(tree):
            name = dotted(node) if isinstance(node, ast.Attribute) else ""
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                wrong += [f"{spot(path, node)} imports {name}" for name in names if name in IMPURE_MODULES]
            elif name in IMPURE or any(name.endswith(f".{impure}") for impure in IMPURE):
                wrong.append(f"{spot(path, node)} reads {name}")
    assert not wrong, "\n".join(wrong)


def test_no_group_is_possessive() -> None:
    """CPython before 3.11.5 matches too much with one, for instance `${` as text: python/cpython#106052."""
    wrong = [
        spot(path, node)
        for path, tree in parsed()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and dotted(call.func).startswith("re.")
        for node in ast.walk(call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if POSSESSIVE_GROUP.search(node.value)
    ]
    assert POSSESSIVE_GROUP.search("(?:ab)*+") and POSSESSIVE_GROUP.search("(?>a)")
    assert not wrong, "\n".join(wrong)


def test_references_are_terms_and_not_strings() -> None:
    found = set()
    wrong = []
    for path, tree in parsed():
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
            if isinstance(text, str) and REFERENCE.search(text):
                found.add(module_name(path))
                wrong += [f"{spot(path, node)}: {text!r}"] if module_name(path) not in REFERENCES_ALLOWED else []
    assert found >= REFERENCES_ALLOWED.keys(), "an exception that is not needed"
    assert not wrong, "\n".join(wrong)


def test_no_handler_catches_everything() -> None:
    wrong = []
    for path, tree in parsed():
        if module_name(path) in BROAD_ALLOWED:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or dotted(node.type) in ("Exception", "BaseException")
                if broad and not isinstance(node.body[-1], ast.Raise):
                    wrong.append(f"{spot(path, node)} swallows everything")
    assert not wrong, "\n".join(wrong)


def test_every_diagnostic_code_is_used_and_documented() -> None:
    used = {
        node.value
        for path, tree in parsed()
        if path.name != "diagnostics.py" or path.parent != PACKAGE
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CODES
    }
    documentation = (REPOSITORY / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| (GP\d{3}) \| (.*?) \| .+ \|$", documentation, re.MULTILINE))
    assert documented == CODES
    never_raised = sorted(set(CODES) - used)
    assert not never_raised


def test_a_cloud_is_its_folders_and_one_line() -> None:
    assert {path.parent.name for path in (PACKAGE / "clouds").glob("*/__init__.py")} == set(CLOUDS)
    assert {folder.parent.name for folder in module_folders()} == {*CLOUDS, "kubernetes"}


def test_a_component_is_its_folder_and_one_line() -> None:
    """Every component folder is registered once, and every module is called by some component."""
    folders = {path.parent.name for path in (PACKAGE / "components").glob("*/__init__.py")}
    assert folders == set(PACKAGES) == {component.name for component in components()}
    text = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "components").glob("*/*.py"))
    uncalled = [folder for folder in module_folders() if not re.search(rf"/{folder.name}['\"]", text)]
    assert not uncalled, [str(folder.relative_to(MODULES)) for folder in uncalled]


@pytest.mark.parametrize("path", sorted((REPOSITORY / "blueprints").glob("*/")), ids=lambda path: path.name)
def test_a_blueprint_is_a_spec_with_a_readme(path: Path) -> None:
    assert {"blueprint.yaml", "README.md"} <= {file.name for file in path.iterdir()}
