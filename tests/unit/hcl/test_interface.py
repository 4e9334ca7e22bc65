"""What modules declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.hcl.interface import Output, Variable, read_interface, required_providers
from groundplan.hcl.types import ANYTHING, PRIMITIVES, Collection, Object, ObjectAttribute
from groundplan.paths import MODULES

VARIABLES = """\
variable "name" {
  type     = string
  nullable = false

  validation {
    condition     = var.name != "type"
    error_message = "default = }"
  }
}

variable "tags" {
  type    = map(string)
  default = null
}

variable "odd" {}
"""
OUTPUTS = """\
output "keys" {
  value = { for name, key in aws_kms_key.this : name => {
    id = key.arn # its ARN
  } }
  depends_on = [aws_kms_key.this]
}
"""


def test_variables_and_outputs(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(VARIABLES, encoding="utf-8")
    (tmp_path / "outputs.tf").write_text(OUTPUTS, encoding="utf-8")
    interface = read_interface(tmp_path)
    assert dict(interface.variables) == {
        "name": Variable("name", "string", required=True, nullable=False),
        "tags": Variable("tags", "map(string)", required=False, nullable=True, default="null"),
        "odd": Variable("odd", "", required=True, nullable=True),
    }
    assert interface.variables["tags"].type == Collection("map", PRIMITIVES["string"])
    assert interface.variables["odd"].type == ANYTHING
    (keys,) = interface.outputs.values()
    assert isinstance(keys, Output)
    assert keys.type == Collection("map", Object({"id": ObjectAttribute(ANYTHING)}))


@pytest.mark.parametrize("folder", sorted(path.parent for path in MODULES.glob("*/*/variables.tf")), ids=str)
def test_modules_say_the_type_of_every_variable_and_what_is_in_their_main_output(folder: Path) -> None:
    interface = read_interface(folder)
    assert all(variable.type != ANYTHING for variable in interface.variables.values())
    assert any(isinstance(output.type, Object | Collection) for output in interface.outputs.values())


def test_required_providers() -> None:
    assert required_providers(MODULES / "aws" / "database") == {"aws", "random"}
    assert required_providers(MODULES / "kubernetes" / "autoscaler") == {"helm"}


def test_a_folder_without_a_module(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_interface(tmp_path)
