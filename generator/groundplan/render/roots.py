"""The Terraform roots of an environment: templates that are filled in with values written as HCL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan import __version__
from groundplan.clouds.base import Backend, Cloud, StateFile
from groundplan.components.load import components
from groundplan.components.state_store.part import state_of
from groundplan.compose.compose import Root
from groundplan.environment.files import FileSet
from groundplan.hcl.interface import required_providers
from groundplan.hcl.references import RootVariable
from groundplan.hcl.versions import TERRAFORM_VERSIONS
from groundplan.hcl.write import Expression, Value, attributes, hcl
from groundplan.render.context import Context
from groundplan.render.jinja import TEMPLATES, environment
from groundplan.stack.layers import HOST, PLATFORM, STATE
from groundplan.stack.model import Stack

FILES = ("main", "outputs", "variables", "versions", "backend", "providers")


def render_roots(context: Context) -> FileSet:
    """Every root: its module calls, outputs, variables, versions, backend and providers, and what moves in it."""
    source = context.source.name
    header = f"Rendered by groundplan {__version__} from {source}: change the spec and render again."
    filters = {"hcl": hcl, "attributes": attributes, "comment": _comment}
    templates = environment(TEMPLATES, context.cloud.terraform.templates, filters=filters)
    files: dict[str, str] = {}
    for root in context.composition.roots:
        values = _values(root, context, header)
        for name in (*FILES, *(("moves",) if values["steps"] else ())):
            files[f"{root.layer}/{name}.tf"] = templates.get_template(f"{name}.tf.j2").render(values)
    return files


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def _values(root: Root, context: Context, header: str) -> dict[str, Any]:
    stack, cloud = context.composition.stack, context.cloud
    on_cluster = root.layer == PLATFORM
    further = _further(root, cloud, context.modules)
    pins = {**cloud.terraform.providers, **(cloud.terraform.kubernetes_providers if on_cluster else {}), **further}
    return {
        "header": header,
        "root": root,
        "variables": _variables(stack, cloud),
        "terraform_versions": TERRAFORM_VERSIONS,
        "providers": {name: {"source": f"hashicorp/{name}", "version": version} for name, version in pins.items()},
        "backend": _backend(root, stack, cloud),
        "steps": context.composition.moves.of(root.layer),
        "on_cluster": on_cluster,
        "configured_alike": [name for name in cloud.terraform.configured_alike if name in further],
        **_template_values(stack, cloud),
    }


def _template_values(stack: Stack, cloud: Cloud) -> dict[str, Value]:
    return {k: v for component in components() for k, v in component.on(cloud).template_values(stack).items()}


def _further(root: Root, cloud: Cloud, modules: Path) -> dict[str, str]:
    """The further providers that the root's modules require."""
    required = {name for call in root.calls for name in required_providers(modules / call.source)}
    return {name: pin for name, pin in cloud.terraform.further_providers.items() if name in required}


def _backend(root: Root, stack: Stack, cloud: Cloud) -> Backend:
    """The root that makes the state bucket cannot keep its state there before it exists."""
    state = state_of(stack)
    own = root.layer == HOST or (root.layer == STATE and state.own_state == "local")
    if state.backend == "local" or own:
        return Backend("local", {})
    path = f"{state.prefix or stack.name}/{root.layer}/terraform.tfstate"
    return cloud.terraform.remote_backend(StateFile(state.bucket, path, state.region or stack.region, state.kms_key))


@dataclass(frozen=True, slots=True)
class _Variable:
    name: RootVariable
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
