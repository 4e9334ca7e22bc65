"""Why the screen refuses what it refuses: what the embedded Terraform does with it, run without any wall."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from groundplan.hcl import strict
from groundplan.hcl.strict import UncertainError
from groundplan.terraform.runner import Completed, Runner, embedded_program
from groundplan.terraform.screen import screen
from tests.unit.check.environments import write
from tests.unit.hcl.hostile import PIECES

pytestmark = pytest.mark.slow

SECRET = "outside-of-the-folder"

READ = {
    # name of an output: an expression in folder/10-a that shows folder/../secret.txt
    "absolute": 'file("SECRET")',
    "upwards": 'file("../../secret.txt")',
    "module": 'file("${path.module}/../../secret.txt")',
    "core": 'core::file("SECRET")',
    "comments": 'file /* */ (\n# here\n"SECRET")',
    "escaped": 'file("..\\u002f..\\u002fsecret.txt")',
    "base64": 'base64decode(filebase64("SECRET"))',
    "for": '[for path in [{ module = "../.." }] : file("${path.module}/secret.txt")][0]',
    "directive": '"%{for path in [{ module = "../.." }]}${file("${path.module}/secret.txt")}%{endfor}"',
    "slash": 'file("../..${basename("/")}secret.txt")',
    "trimmed": 'file("../.. ${~basename("/")~} secret.txt")',
    "twice": 'file("../${basename("..")}${basename("/")}${basename("secret.txt")}")',
    "set": 'file("../../${one(fileset("../..", "secret.*"))}")',
    "pattern": 'file(one(fileset(".", "../../secret.*")))',
    "template": 'templatefile("x.tpl", { path = { module = "../.." } })',
    "heredoc": '<<-E\n  %{if fileexists("SECRET")}${file("SECRET")}%{endif}\n  E\n',
}


def terraform(folder: Path, *arguments: str, **environment: str) -> Completed:
    runner = Runner(embedded_program(), {"HOME": str(folder), **environment, "TF_CLI_CONFIG_FILE": "/dev/null"})
    return runner.run(folder, *arguments)


def outputs(folder: Path, **environment: str) -> dict[str, Any]:
    """What an apply of the folder gives out."""
    for command in (["init", "-no-color"], ["apply", "-auto-approve", "-no-color"]):
        ended = terraform(folder, *command, **environment)
        assert ended.returncode == 0, ended.stderr
    values: dict[str, Any] = json.loads(terraform(folder, "output", "-json").stdout)
    return {name: value["value"] for name, value in values.items()}


def test_every_expression_that_is_refused_reads_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    blocks = [
        f'output "{name}" {{\n  value = {text.replace("SECRET", str(tmp_path / "secret.txt"))}\n}}\n'
        for name, text in READ.items()
    ]
    folder = tmp_path / "folder"
    write(folder, {f"10-a/{name}.tf": block for name, block in zip(READ, blocks, strict=True)})
    write(folder, {"10-a/x.tpl": '${file("${path.module}/secret.txt")}'})
    assert {name: str(value).strip() for name, value in outputs(folder / "10-a").items()} == dict.fromkeys(READ, SECRET)
    found = {d.place.file for d in screen(folder) if d.place and d.code == "GP910"}
    assert found == {f"10-a/{name}.tf" for name in READ} - {"10-a/template.tf"} | {"10-a/x.tpl"}


def test_a_module_folder_named_like_a_home_folder_reads_there(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./~"\n}\n\noutput "x" {\n  value = module.m.x\n}\n'
    write(tmp_path, {"main.tf": call, "~/main.tf": 'output "x" {\n  value = file("${path.module}/secret.txt")\n}\n'})
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")  # HOME is the folder itself
    assert outputs(tmp_path) == {"x": SECRET}
    assert [f"{d.code} {d.place}" for d in screen(tmp_path)] == ["GP906 main.tf:2:3"]


def test_terraform_joins_marks_to_letters(tmp_path: Path) -> None:
    values = {"x": 'file("e\u0301.txt")', "y": 'file("e${basename("\u0301.txt")}")'}
    text = "".join(f'output "{name}" {{\n  value = {value}\n}}\n' for name, value in values.items())
    write(tmp_path, {"main.tf": text, "é.txt": "one letter"})
    assert outputs(tmp_path) == dict.fromkeys(values, "one letter")


def test_files_that_no_command_of_ours_reads(tmp_path: Path) -> None:
    """Terraform has languages of other file names: none of them takes part in init, validate, plan and apply."""
    names = (
        "query.tfquery.hcl",
        "stack.tfstack.hcl",
        "stack.tfcomponent.hcl",
        "stack.tfdeploy.hcl",
        ".hidden.tf",
        "x.tf~",
    )
    write(tmp_path, {"main.tf": 'output "x" {\n  value = 1\n}\n', **dict.fromkeys(names, "not { valid")})
    assert outputs(tmp_path) == {"x": 1}


def test_values_of_variables_call_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "x" {\n  type = string\n}\n', "terraform.tfvars": 'x = file("main.tf")\n'})
    terraform(tmp_path, "init")
    ended = terraform(tmp_path, "plan", "-no-color")
    assert ended.returncode == 1
    assert "Function calls not allowed" in ended.stderr


PATHS = [
    *[
        "${path.module}",
        "${path.root}",
        "${path.cwd}",
        "/",
        "/",
        "/",
        "..",
        "..",
        ".",
        "a",
        "a.txt",
        "b",
        "b/",
        "//",
        "~",
    ],
    *[
        "${x}",
        "${basename(x)}",
        "${basename(x)}",
        "${~ basename(x) ~}",
        "%{if true}",
        "%{endif}",
        "\\u002e",
        "\\u002e.",
        " ",
    ],
]
PATTERNS = [
    "*",
    "*",
    "**",
    "..",
    ".",
    "/",
    "/",
    "{.,}",
    "{a,.}",
    "[.]",
    "[ab]",
    "?",
    "\\\\.",
    "a.txt",
    "${x}",
    "{..,b}",
    "b",
]
NAMES = ["..", "/", "", ".", "a.txt", "../a.txt", "/../a.txt", "../..", "~", "b/..", "\u0301", "//", "*", "../b"]


def _call(chance: random.Random) -> str:
    path = "".join(chance.choice(PATHS) for _ in range(chance.randint(1, 7)))
    path = chance.choice(["", "", "${path.module}/", "${path.module}/b/"]) + path
    if chance.random() < 0.3:
        pattern = "".join(chance.choice(PATTERNS) for _ in range(chance.randint(1, 4)))
        return f'try(jsonencode(fileset("{path}", "{pattern}")), "")'
    return f'try(file("{path}"), "")' if chance.random() < 0.5 else f'try(templatefile("{path}", {{}}), "")'


def test_no_path_that_passes_leads_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,500 paths made to lead astray, those that the screen lets pass are read with names made to help them."""
    chance = random.Random(1)
    calls = [_call(chance) for _ in range(1500)]
    folder, names = tmp_path / "folder", ("a.txt", "a", "b/a.txt", "b/a")
    for inner in (folder, folder / "10-a"):
        write(inner, dict.fromkeys(names, "inside"))
    for outer in (tmp_path, tmp_path / "home"):
        write(outer, dict.fromkeys((*names, "outside", "b/outside"), SECRET))
    line = "locals {\n  v%d = [for x in local.names : %s]\n}\n"
    write(folder, {f"10-a/{number:04}.tf": line % (number, call) for number, call in enumerate(calls)})
    monkeypatch.setattr("groundplan.terraform.screen._MOST_FINDINGS", 10_000)
    refused = {d.place.file for d in screen(folder) if d.place}
    assert 150 < len(calls) - len(refused) < 750
    for name in refused:
        (folder / name).unlink()
    kept = "".join(f"    v{int(path.stem)} = local.v{int(path.stem)}\n" for path in sorted(folder.glob("10-a/*.tf")))
    main = 'locals {\n  names = %s\n}\n\noutput "x" {\n  value = {\n%s  }\n}\n'
    write(folder, {"10-a/main.tf": main % (json.dumps(NAMES), kept)})
    values = outputs(folder / "10-a", HOME=str(tmp_path / "home"))["x"]
    assert sum("inside" in str(value) for value in values.values()) > 25
    assert [calls[int(name[1:])] for name, value in values.items() if "outside" in str(value)] == []


def _template(chance: random.Random) -> str:
    text = "".join(chance.choice(TEMPLATES) for _ in range(chance.randint(1, 3)))
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(["", *PIECES]) + text[at + chance.choice([0, 0, 1, 3]) :]
    return text


TEMPLATES = [
    '${file("secret.txt")}',
    '$${file("secret.txt")}',
    "a $ b % c\n",
    '%{ if true }${file("secret.txt")}%{ endif }\n',
    '%{ for x in [1] ~}\n${upper("}")} ${"${file("secret.txt")}"}\n%{ endfor ~}\n',
    "${<<E\nx\nE\n}\n",
    "${jsonencode({ a = [1, 2] })}\n",
    '"quoted" \\ # not a comment ${1}\n',
]


def test_no_call_in_a_template_is_missed(tmp_path: Path) -> None:
    """Of 1,000 hostile templates, the strict reader sees the call in each that shows the secret in Terraform."""
    chance = random.Random(1)
    texts = {f"{number:04}.tpl": _template(chance) for number in range(1000)}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode())
    value = 'jsonencode({ for f in fileset(".", "*.tpl") : f => try(templatefile(f, {}), "an error") })'
    write(tmp_path, {"secret.txt": SECRET, "main.tf": f'output "x" {{\n  value = {value}\n}}\n'})
    shown = json.loads(outputs(tmp_path)["x"])
    assert len(shown) == len(texts)
    assert sum(SECRET in text for text in shown.values()) > 150
    assert [texts[name] for name, text in shown.items() if SECRET in text and not _calls_or_refused(texts[name])] == []
    refused = [texts[name] for name, text in shown.items() if text != "an error" and not _read(texts[name])]
    assert len(refused) < 20, refused  # a carriage return alone, mostly


def _calls_or_refused(text: str) -> bool:
    try:
        return any(call.name == "file" for call in strict.read_template(text).calls)
    except UncertainError:
        return True


def _read(text: str) -> bool:
    try:
        strict.read_template(text)
    except UncertainError:
        return False
    return True
