"""Examples of the modules' READMEs, each as a root that can be planned."""

from __future__ import annotations

import re

from groundplan.hcl.read import read_folder
from tools.module_docs import MODULES, module_folders

NAMES = [folder.relative_to(MODULES).as_posix() for folder in module_folders()]
EXAMPLE = re.compile(r"^```hcl\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r'^module "(?P<label>\w+)" \{\n.*?^\}$', re.MULTILINE | re.DOTALL)
REFERENCE = re.compile(r"\bmodule\.(?P<label>\w+)\.(?P<output>\w+)")


def example_of(name: str) -> str:
    """The first HCL block of a module's README."""
    found = EXAMPLE.search((MODULES / name / "README.md").read_text(encoding="utf-8"))
    assert found, f"modules/{name}/README.md has no example"
    return found[1]


def neighbours(name: str) -> list[str]:
    """Modules whose examples the one of `name` may refer to: its cloud's (AWS's for one of any cloud), those of any."""
    cloud = name.partition("/")[0]
    clouds = {"kubernetes", "aws" if cloud == "kubernetes" else cloud}
    return [other for other in NAMES if other.partition("/")[0] in clouds]


def with_callees(name: str) -> str:
    """A module's example and the calls it refers to, taken from other examples.

    `module.pool_system.node_pool` is defined by the example that calls its module `pool_system`, or else by the
    example of the module that has an output `node_pool`, under that name.
    """
    others = neighbours(name)
    calls = {call["label"]: call[0] for other in others for call in CALL.finditer(example_of(other))}
    by_output = {
        block.labels[0]: CALL.sub(lambda call: call[0].replace(call["label"], "{label}", 1), example_of(other))
        for other in reversed(others)
        for block in read_folder(MODULES / other, outline=True)
        if block.type == "output"
    }
    parts = [example_of(name)]
    defined = {call["label"] for call in CALL.finditer(parts[0])}
    for text in parts:
        for reference in REFERENCE.finditer(text):
            label, output = reference["label"], reference["output"]
            if label not in defined:
                assert label in calls or output in by_output, f"modules/{name}: nothing defines {reference[0]}"
                parts.append(calls.get(label) or by_output[output].replace("{label}", label, 1))
                defined.add(label)
    return "\n".join(parts)


def example_root(name: str) -> str:
    return f"example-{name.replace('/', '-')}"
