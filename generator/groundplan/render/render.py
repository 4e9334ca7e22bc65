"""From a composition to files: `{relative path: text}`, the same for the same input, whatever machine or clock."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2

from groundplan import __version__
from groundplan.clouds.base import Backend, Cloud
from groundplan.components import components
from groundplan.components.base import PLATFORM, STATE, ModuleCall
from groundplan.compose.compose import Composition, Root
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Place
from groundplan.environment.files import FileSet, digest
from groundplan.environment.last_render import LOCK_FILE, SPEC_FILE
from groundplan.hcl.write import Expression, Value, attributes, hcl
from groundplan.render.readme import render_readme
from groundplan.render.workloads import render_workloads
from groundplan.stack.model import Stack

LOCK_FORMAT = "1"
ROOT_TEMPLATES = ("main", "outputs", "variables", "versions", "backend")
_RELATIVE_LINK = re.compile(r"\[(?P<text>[^]]*)\]\((?P<target>\.\.?/[^)#]*)[^)]*\)")
TERRAFORM_FLOOR = "1.11"
"""The oldest Terraform and OpenTofu that modules and roots accept: write-only arguments came with 1.11 of both."""
TERRAFORM_VERSIONS = f">= {TERRAFORM_FLOOR}, < 2.0"


@dataclass(frozen=True, slots=True)
class SpecSource:
    """The spec's files as they were read, for the lock: paths relative to the environment, places of its values."""

    files: Mapping[str, str]
    """Text by relative path, the spec itself first, then what it extends."""
    places: Mapping[str, Place]
    """Place by dotted path, for the paths that module calls name."""
    copy: bool
    """Whether the environment gets a copy of the spec, because the spec lies elsewhere."""


def render(composition: Composition, cloud: Cloud, *, source: SpecSource, cost: CostReport, modules: Path) -> FileSet:
    """Every file of the environment; `modules` is the folder that the module sources stand in."""
    header = f"Rendered by groundplan {__version__} from {next(iter(source.files))}: change the spec and render again."
    environment = _environment(cloud)
    files: dict[str, str] = {}
    for root in composition.roots:
        context = _context(root, composition.stack, cloud, header, modules)
        for name in ROOT_TEMPLATES:
            files[f"{root.layer}/{name}.tf"] = environment.get_template(f"{name}.tf.j2").render(context)
        files[f"{root.layer}/providers.tf"] = environment.get_template("providers.tf.j2").render(context)
    for module in composition.modules:
        files |= _module_files(modules, module)
    _cut_links(files)
    files |= render_workloads(composition.stack, cloud.spot_grace_seconds)
    files["README.md"] = render_readme(composition, cloud, cost, next(iter(source.files)))
    files[LOCK_FILE] = _lock(composition, source, cost, files)
    if source.copy:
        files[SPEC_FILE] = source.files[SPEC_FILE]
    return dict(sorted(files.items()))


def _environment(cloud: Cloud) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
                jinja2.FileSystemLoader(cloud.templates),
            ]
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {"hcl": hcl, "attributes": attributes, "comment": _comment}
    return environment


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def _context(root: Root, stack: Stack, cloud: Cloud, header: str, modules: Path) -> dict[str, Any]:
    on_cluster = root.layer == PLATFORM
    pins = {**cloud.providers, **(cloud.kubernetes_providers if on_cluster else {}), **_further(root, cloud, modules)}
    return {
        "header": header,
        "root": root,
        "variables": _variables(stack, cloud),
        "terraform_versions": TERRAFORM_VERSIONS,
        "providers": {name: {"source": f"hashicorp/{name}", "version": version} for name, version in pins.items()},
        "backend": _backend(root, stack, cloud),
        "on_cluster": on_cluster,
        **_template_values(stack, cloud),
    }


def _template_values(stack: Stack, cloud: Cloud) -> dict[str, Value]:
    return {k: v for component in components() for k, v in component.on(cloud).template_values(stack).items()}


def _further(root: Root, cloud: Cloud, modules: Path) -> dict[str, str]:
    """The further providers that the root's modules require."""
    versions = "".join((modules / call.source / "versions.tf").read_text(encoding="utf-8") for call in root.calls)
    return {name: pin for name, pin in cloud.further_providers.items() if f'"hashicorp/{name}"' in versions}


def _backend(root: Root, stack: Stack, cloud: Cloud) -> Backend:
    """The root that makes the state bucket cannot keep its state there before it exists."""
    if stack.state.backend == "local" or root.layer == STATE:
        return Backend("local", {})
    return cloud.remote_backend(stack.state.bucket, f"{stack.name}/{root.layer}/terraform.tfstate", stack.region)


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    arguments: Mapping[str, Value]


def _variables(stack: Stack, cloud: Cloud) -> tuple[_Variable, ...]:
    tags: dict[str, Value] = {
        **stack.labels,
        "environment": stack.name,
        "owner": stack.owner,
        "managed-by": "terraform",
    }
    string, strings = Expression("string"), Expression("map(string)")
    return (
        _Variable("name", {"description": "Name of the environment.", "type": string, "default": stack.name}),
        _Variable("region", {"description": "Region of everything in it.", "type": string, "default": stack.region}),
        _Variable(
            "account_id",
            {
                "description": f"The only {cloud.title} account this may be applied to.",
                "type": string,
                "default": stack.account,
            },
        ),
        _Variable("tags", {"description": "Tags of every resource.", "type": strings, "default": tags}),
    )


def _cut_links(files: dict[str, str]) -> None:
    """Turn links of module READMEs that lead out of the environment into plain text."""
    folders = {str(PurePosixPath(name).parent) for name in files}

    def cut(folder: PurePosixPath, link: re.Match[str]) -> str:
        target = posixpath.normpath(folder / link["target"])
        return link[0] if target in folders or target in files else link["text"]

    for name in [name for name in files if name.endswith("/README.md")]:
        folder = PurePosixPath(name).parent
        files[name] = _RELATIVE_LINK.sub(partial(cut, folder), files[name])


def _module_files(modules: Path, module: str) -> dict[str, str]:
    """A module with the files it reads, without its tests: those stay with the module's source."""
    folder = modules / module
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = [path.as_posix() for path in paths if not any(_stays_behind(part) for part in path.parts)]
    return {f"modules/{module}/{name}": (folder / name).read_text(encoding="utf-8") for name in names}


def _stays_behind(part: str) -> bool:
    """Whether a part of a path belongs to tests, to Terraform's or an editor's own files, or to Python's cache."""
    return part in ("tests", "__pycache__") or part.startswith(".")


def _lock(composition: Composition, source: SpecSource, cost: CostReport, files: Mapping[str, str]) -> str:
    stack = composition.stack
    lock = {
        "format_version": LOCK_FORMAT,
        "groundplan": __version__,
        "spec": {
            "file": next(iter(source.files)),
            "copied": source.copy,
            "sources": [{"file": name, "sha256": digest(text)} for name, text in source.files.items()],
        },
        "cloud": {"provider": stack.provider, "region": stack.region},
        "prices_as_of": cost.as_of.isoformat(),
        "calls": {root.layer: _calls(root, stack, source) for root in composition.roots},
        "decisions": [
            {"path": d.path, "value": d.value, "origin": d.origin.value, "reason": d.reason} for d in stack.decisions
        ],
        "modules": {
            module: digest("".join(f"{name}\0{text}\0" for name, text in sorted(_below(files, module).items())))
            for module in composition.modules
        },
        "files": {name: digest(text) for name, text in sorted(files.items())},
    }
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


def _calls(root: Root, stack: Stack, source: SpecSource) -> dict[str, Any]:
    return {
        call.address: {"component": call.component, "path": call.path, **_place(_cause(call, stack, source))}
        for call in root.calls
    }


def _cause(call: ModuleCall, stack: Stack, source: SpecSource) -> Place:
    """Where the spec asks for the call: its own path or, when that is all default, the first pool, which needs it."""
    paths = (call.path, *(pool.path for pool in stack.workload_pools), "name")
    return next(source.places[path] for path in paths if path in source.places)


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _below(files: Mapping[str, str], module: str) -> dict[str, str]:
    prefix = f"modules/{module}/"
    return {name.removeprefix(prefix): text for name, text in files.items() if name.startswith(prefix)}
