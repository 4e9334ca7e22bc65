"""Module calls that do not fit their modules: what a broken component is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundplan.components.base import ModuleCall, Output
from groundplan.compose.check import CompositionError, check_calls
from groundplan.hcl.interface import read_interface
from groundplan.hcl.references import AttributeByName, Key, Ref, Template
from groundplan.hcl.write import Value
from groundplan.stack.layers import FOUNDATION

VARIABLES = """\
variable "name" {
  type     = string
  nullable = false
}

variable "size" {
  type    = number
  default = 1
}

variable "zones" {
  type    = set(string)
  default = []
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "pools" {
  type    = map(object({ min = optional(number), gpu = optional(object({ type = string })) }))
  default = {}
}

variable "network" {
  type    = object({ id = string, cidr = optional(string) })
  default = null
}
"""
OUTPUTS = """\
output "store" {
  value = {
    id      = "a"
    zones   = [for zone in var.zones : zone]
    buckets = { for name, bucket in x.y : name => { id = bucket.id } }
  }
}
output "anything" {
  value = x.y
}
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny" / "store"
    folder.mkdir(parents=True)
    (folder / "variables.tf").write_text(VARIABLES, encoding="utf-8")
    (folder / "outputs.tf").write_text(OUTPUTS, encoding="utf-8")
    return tmp_path


def call(call_name: str = "store", /, **arguments: Value) -> ModuleCall:
    """A call that fits, but for the arguments given."""
    return ModuleCall("storing", call_name, "tiny/store", FOUNDATION, {"name": "x"} | arguments, path="name")


def problems(modules: Path, *calls: ModuleCall) -> Sequence[str]:
    with pytest.raises(CompositionError) as error:
        check_calls(calls, modules)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


FITTING: dict[str, Any] = {
    "size": 2,
    "zones": ["a", Template("b-", Ref("other", "store", "id"))],
    "tags": {"any": "thing", "other": Ref("other", "anything", "x", 0, Key("y"))},
    "pools": {"a": {"min": 1, "gpu": None}, "b": {"gpu": {"type": Ref("other", "store", "id")}}},
    "network": Ref("other", "store"),
}


def test_what_fits(modules: Path) -> None:
    zones = AttributeByName(Ref("store", "store", "buckets"), "bucket", "id")
    outputs = (Output("buckets", zones, "Ids."), Output("key", Ref("store", "store", "buckets", "a", "id"), "One."))
    assert set(FITTING) == set(read_interface(modules / "tiny" / "store").variables) - {"name"}
    check_calls([replace(call(**FITTING), outputs=outputs), call("other")], modules)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"nmae": "y"}, "argument `nmae` is not declared; did you mean `name`?"),
        ({"name": None}, "argument `name` is null, and tiny/store takes no null for it"),
        ({"size": "2"}, "`size` is a string, a number is declared"),
        ({"size": True}, "`size` is a bool, a number is declared"),
        ({"name": 1}, "`name` is a number, a string is declared"),
        ({"name": ["y"]}, "`name` is a list, a string is declared"),
        ({"name": {}}, "`name` is an object, a string is declared"),
        ({"zones": ["a", 1]}, "`zones[1]` is a number, a string is declared"),
        ({"zones": {}}, "`zones` is an object, a set is declared"),
        ({"tags": ["a"]}, "`tags` is a list, a map is declared"),
        ({"network": "id"}, "`network` is a string, an object is declared"),
        ({"network": {"cidr": "a"}}, "attribute `network.id` is missing, and is not optional"),
        ({"pools": {"a": {"mni": 1}}}, "attribute `pools.a.mni` is not declared; did you mean `pools.a.min`?"),
        ({"pools": {"a": {"gpu": {}}}}, "attribute `pools.a.gpu.type` is missing, and is not optional"),
        ({"pools": {"a": {"gpu": {"type": 1}}}}, "`pools.a.gpu.type` is a number, a string is declared"),
        (
            {"name": Ref("stor", "store", "id")},
            "`name` refers to `module.stor.store.id`, but this root has no call `stor`; did you mean `store`?",
        ),
        (
            {"name": Ref("other", "stroe")},
            "`name` refers to `module.other.stroe`, but that module has no output `stroe`; did you mean `store`?",
        ),
        ({"name": Ref("other")}, "`name` refers to `module.other`, but a call is no value: name an output"),
        (
            {"tags": {"a": Template("x", Ref("other", "store", "idd"))}},
            "`tags.a` refers to `module.other.store.idd`, but there is no `idd` in it; did you mean `id`?",
        ),
        (
            {"name": Ref("other", "store", "buckets", "b", "name")},
            "`name` refers to `module.other.store.buckets.b.name`, but there is no `name` in it",
        ),
        (
            {"name": Ref("other", "store", "zones", "a")},
            "`name` refers to `module.other.store.zones.a`, but there is no `a` in it",
        ),
        (
            {"name": Ref("other", "store", "id", "a")},
            "`name` refers to `module.other.store.id.a`, but there is no `a` in it",
        ),
        (
            {"pools": {"a": {"gpu": Ref("other", "store")}}},
            "attribute `pools.a.gpu.type` is missing in `module.other.store`, and is not optional",
        ),
        ({"zones": Ref("other", "store")}, "`zones` is an object in `module.other.store`, a set is declared"),
        (
            {"name": Ref("other", "store", "zones")},
            "`name` is a list in `module.other.store.zones`, a string is declared",
        ),
    ],
)
def test_arguments_that_do_not_fit(modules: Path, arguments: dict[str, Any], words: str) -> None:
    assert problems(modules, call(**arguments), call("other")) == (f"storing: module.store: {words}",)


def test_everything_wrong_is_said_at_once(modules: Path) -> None:
    outputs = (Output("id", Ref("store", "id"), "Its id."),)
    broken = replace(call(), arguments={"size": "2"}, outputs=outputs, depends_on=(Ref("x"),))
    assert problems(modules, broken) == (
        "storing: module.store: argument `name` is missing, and tiny/store has no default for it",
        "storing: module.store: `size` is a string, a number is declared",
        "storing: module.store: `output id` refers to `module.store.id`, but that module has no output `id`",
        "storing: module.store: `depends_on` refers to `module.x`, but this root has no call `x`",
    )


def test_a_name_is_that_of_one_call(modules: Path) -> None:
    assert problems(modules, call(), call()) == ("storing: module.store: another call has the same name",) * 2


def test_a_module_that_is_not_there(modules: Path) -> None:
    gone = replace(call("gone"), source="tiny/gone")
    assert problems(modules, gone, call(name=Ref("gone", "x"))) == (
        "storing: module.gone: tiny/gone is no module: it has no variables.tf or no outputs.tf",
    )
