"""The tables of module READMEs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.module_docs import inputs_table, one_line, outputs_table, with_tables

VARIABLES = """\
variable "name" {
  description = "Name; prefix | of \\"everything\\"."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) > 0
    error_message = "name: at least one character."
  }
}

variable "pools" {
  description = <<-EOT
    Pools by name.
    `min`: the least.
  EOT
  # A comment that is not part of the type.
  type = map(object({
    min   = optional(number, 0) # at least
    zones = list(string)
    disk = object({
      size_gib = number
    })
  }))
  default = {}
}
"""

OUTPUTS = """\
output "cluster" {
  description = "The cluster."
  value = {
    name     = var.name
    versions = { a = 1 }
  }

  precondition {
    condition     = true
    error_message = "never"
  }
}
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "variables.tf").write_text(VARIABLES, encoding="utf-8")
    (tmp_path / "outputs.tf").write_text(OUTPUTS, encoding="utf-8")
    return tmp_path


def test_inputs(module: Path) -> None:
    name, pools = inputs_table(module).splitlines()[2:]
    assert name == '| name | `string` | required | Name; prefix \\| of "everything". |'
    entries = "min = optional(number, 0), zones = list(string), disk = object({ size_gib = number })"
    assert pools == f"| pools | `map(object({{ {entries} }}))` | `{{}}` | Pools by name. `min`: the least. |"


def test_outputs_list_attributes_but_not_those_of_other_blocks(module: Path) -> None:
    assert outputs_table(module).splitlines()[2:] == ["| cluster | The cluster. Attributes: `name`, `versions`. |"]


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ('[\n  "a",\n  "b",\n]', '["a", "b"]'),
        (
            "object({ # of a pool\n  min  = number\n\n  max = number # at most\n})",
            "object({ min = number, max = number })",
        ),
        ("{ }", "{}"),
        ('"a # b  ${c}"', '"a # b  ${c}"'),
        ("max(\n  1,\n  2\n)", "max(1, 2)"),
        ("<<-EOT\n    Pools,\n    by name.\n  EOT", "Pools, by name."),
    ],
)
def test_a_value_on_one_line(value: str, line: str) -> None:
    assert one_line(value) == line


def test_tables_are_replaced_and_the_rest_is_kept(module: Path) -> None:
    (module / "README.md").write_text(
        "# x\n\n## Inputs\n\n| old |\n\nText.\n\n## Outputs\n\n| old |\n", encoding="utf-8"
    )
    written = with_tables(module)
    assert written == f"# x\n\n## Inputs\n\n{inputs_table(module)}\nText.\n\n## Outputs\n\n{outputs_table(module)}"
    (module / "README.md").write_text("# x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no table below"):
        with_tables(module)
