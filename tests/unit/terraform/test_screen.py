"""The first wall: each thing that Terraform would act on is found at its place, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import Severity
from groundplan.terraform.screen import Known, screen
from tests.unit.check.environments import write

REPOSITORY = Path(__file__).parents[3]


def found(folder: Path, files: Mapping[str, str]) -> list[str]:
    diagnostics = screen(write(folder, dict(files)))
    assert all(d.severity is Severity.ERROR and d.hint and d.place is not None for d in diagnostics)
    return [f"{d.code} {d.place}" for d in diagnostics]


RUNS = {
    "remote state": ('data "terraform_remote_state" "x" {}', "1:1"),
    "remote state, unquoted": ("data terraform_remote_state x {}", "1:1"),
    "remote state, escaped": ('data "terraform\\u005fremote_state" "x" {}', "1:1"),
    "remote state, comments between": ('/**/data/* { */"terraform_remote_state"/**/x/**/{}', "1:5"),
    "remote state, after a byte order mark": ('\ufeffdata "terraform_remote_state" "x" {}', "1:1"),
    "remote state in a check": ('check "c" {\n  data "terraform_remote_state" "x" {}\n}', "2:3"),
    "remote state after a heredoc": (
        'locals {\n  a = <<-E\n  data\n   E\n}\ndata "terraform_remote_state" "x" {}',
        "6:1",
    ),
    "remote state after a heredoc in a template": (
        'locals {\n  a = "${<<E\n"}\nE\n}"\n}\ndata "terraform_remote_state" "x" {}',
        "7:1",
    ),
    "provisioner": ('resource "a" "b" {\n  provisioner "local-exec" {}\n}', "2:3"),
    "provisioner for arguments": ('resource "a" "b" {\n  _ {\n    provisioner "x" {}\n  }\n}', "3:5"),
    "provisioner of a removed block": ('removed {\n  from = a.b\n  provisioner "local-exec" {}\n}', "3:3"),
    "provisioner, comments between": ('resource "a" "b" {\n  provisioner/**/local-exec/* { */{}\n}', "2:3"),
    "connection": ('resource "a" "b" {\n  connection {}\n}', "2:3"),
    "cloud": ("terraform {\n  cloud {}\n}", "2:3"),
    "cloud with a setting": ('terraform {\n  cloud { organization = "x" }\n}', "2:3"),
    "state store": ('terraform {\n  state_store "x" {}\n}', "2:3"),
    "encryption": ("terraform {\n  encryption {\n    x = 1\n  }\n}", "2:3"),
    "action": ('action "local_command" "x" {}', "1:1"),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_runs_or_connects(tmp_path: Path, name: str) -> None:
    text, place = RUNS[name]
    assert found(tmp_path, {"10-a/main.tf": text}) == [f"GP909 10-a/main.tf:{place}"]
    windows = text.replace("\n", "\r\n")
    (tmp_path / "10-a/main.tf").write_bytes(windows.encode())
    assert [f"{d.code} {d.place}" for d in screen(tmp_path)] == [f"GP909 10-a/main.tf:{place}"]


HARMLESS = {
    "in a comment": '# data "terraform_remote_state" "x" {}\n/* terraform {\n cloud {}\n} */\n// provisioner "x" {}',
    "in a string": 'locals {\n  a = "provisioner \\"local-exec\\" {} $${file(1)} %%{ if }"\n}',
    "in a heredoc": 'locals {\n  a = <<E\nterraform {\n  cloud {}\n}\n  $${file("/etc/passwd")}\nE\n}',
    "in values": 'resource "a" "b" {\n  cloud    = "x"\n  x        = { provisioner = 1, connection = file.x }\n}',
    "in blocks of a provider": 'resource "a" "b" {\n  x {\n    connection {}\n    backend {}\n    cloud {}\n  }\n}',
    "a method": 'resource "a" "b" {\n  method "x" {}\n  action "x" {}\n}',
    "a backend": 'terraform {\n  backend "s3" {}\n}',
    "other data": 'data "aws_region" "terraform_remote_state" {}',
    "signs at the end of lines": "locals {\n  a = <<E\n100%\ncost in $\n$$ %% ${1}$\nE\n  module = 1\n}",
    "everything an expression can be": (
        'locals {\n  module = !a.b[0].c["x"].*.d[*].e.0 && -1.5e3 > (2) ? f(a, [1,\n 2,], b...) : {\n'
        '    a = 1, "b" : 2\n    (c) = [for x, y in z : x... if y]\n  }\n}\n'
    ).replace(" : x... if", " : x if"),
    "names of other alphabets": "locals {\n  größe = module.größe\n  内容  = 1\n}",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_it(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {"10-a/main.tf": HARMLESS[name]}) == []


@pytest.mark.parametrize("name", ["override.tf", "zz_override.tf", "_override.tf"])
def test_a_backend_is_refused_in_override_files_only(tmp_path: Path, name: str) -> None:
    files = {"10-a/main.tf": 'terraform {\n  backend "s3" {}\n}\n'}
    assert found(tmp_path, files) == []
    assert found(tmp_path, {f"10-a/{name}": files["10-a/main.tf"]}) == [f"GP909 10-a/{name}:2:3"]


def test_the_name_that_terraform_finds_decides_how_a_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"10-a/main.tf": 'terraform {\n  backend "s3" {}\n}\n', "10-a/x.txt": '{"action": {}}'})
    (tmp_path / "10-a/x_override.tf").symlink_to("main.tf")
    (tmp_path / "10-a/y.tf.json").symlink_to("x.txt")
    assert [f"{d.code} {d.place}" for d in screen(tmp_path)] == ["GP909 10-a/main.tf:2:3", "GP909 10-a/x.txt:1:12"]


def test_files_of_opentofu_alone_and_providers_of_the_folder(tmp_path: Path) -> None:
    files = {"10-a/main.tofu": "", "10-a/x.tofu.json": "{}", "10-a/terraform.d/plugins/x/y": ""}
    assert found(tmp_path, files) == [
        "GP909 10-a/main.tofu:1:1",
        "GP909 10-a/terraform.d/plugins/x/y:1:1",
        "GP909 10-a/x.tofu.json:1:1",
    ]


JSON: Mapping[str, tuple[Any, list[str]]] = {
    "remote state": ({"data": {"terraform_remote_state": {"x": {}}}}, ["GP909"]),
    "remote state in a check": ({"check": {"c": [{"data": [{"terraform_remote_state": {"x": {}}}]}]}}, ["GP909"]),
    "provisioner": ({"resource": [{"a": [{"b": [{"provisioner": [{"local-exec": {}}]}]}]}]}, ["GP909"]),
    "provisioner of a removed block": ({"removed": {"from": "a.b", "provisioner": {"x": {}}}}, ["GP909"]),
    "connection": ({"resource": {"a": {"b": {"connection": {}}}}}, ["GP909"]),
    "cloud": ([{"terraform": [{"cloud": {}}]}], ["GP909"]),
    "encryption": ({"terraform": {"encryption": {}}}, ["GP909"]),
    "action": ({"action": {"local_command": {"x": {}}}}, ["GP909"]),
    "backend": ({"terraform": {"backend": {"s3": {}}}}, []),
    "modules": (
        {"module": {"a": [{"source": "x/y/z"}], "b": {"source": "../../x"}, "c": {"source": "./d"}}},
        ["GP906"] * 2,
    ),
    "a module's source that varies": ({"module": {"a": {"source": "./${var.x}"}}}, ["GP906"]),
    "functions": (
        {"output": {"a": {"value": '${file("/x")}'}, "b": {"value": {'x${file("../x")}': 1}}}},
        ["GP910"] * 2,
    ),
    "functions in expressions": ({"import": [{"to": 'a.b[file("/x")]', "id": "x"}]}, ["GP910"]),
    "a file of the module": (
        {"output": {"a": {"value": '${file("${path.module}/x")}', "description": 'file("/x")'}}},
        [],
    ),
    "`path` of a dynamic block": (
        {"resource": {"a": {"b": {"dynamic": {"path": {"content": {"x": '${file("${path.module}/x")}'}}}}}}},
        ["GP910"],
    ),
    "`path` by an iterator": (
        {"resource": {"a": {"b": {"dynamic": {"x": {"iterator": " path", "y": '${file("${path.module}/x")}'}}}}}},
        ["GP910"],
    ),
    "an unclosed template": ({"output": {"a": {"value": '${file("x"}'}}}, ["GP503"]),
}


@pytest.mark.parametrize("name", JSON)
def test_json(tmp_path: Path, name: str) -> None:
    value, codes = JSON[name]
    assert [line[:5] for line in found(tmp_path, {"10-a/main.tf.json": json.dumps(value)})] == codes
    escaped = "".join(f"\\u{ord(c):04x}" if c.isalpha() else c for c in json.dumps(value, ensure_ascii=False))
    if "\\\\" not in escaped and '\\"' not in escaped:
        assert [line[:5] for line in found(tmp_path, {"10-a/main.tf.json": escaped})] == codes


def test_places_in_json(tmp_path: Path) -> None:
    text = '{\n  "module": {"a": {\n    "source": "./ok",\n    "source": "http://example.com/x.zip"}}\n}\n'
    assert found(tmp_path, {"10-a/main.tf.json": text}) == ["GP906 10-a/main.tf.json:4:15"]
    override = '{"terraform": [{"backend": {"s3": {}}}]}'
    assert found(tmp_path, {"a/override.tf.json": override}) == [
        "GP906 10-a/main.tf.json:4:15",
        "GP909 a/override.tf.json:1:28",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '\ufeff{"module": 1}',
        '{"module": NaN}',
        '{"module": 1} x',
        '{"module": 1',
        '{"module": "\\ud800"}',
        "{'module': 1}",
        '{"module": "\t"}',
        '{"module":' * 5000,
        '{"module":' * 100 + "1" + "}" * 100,
        '{"module": [' + "1," * 400_000 + "1]}",
    ],
    ids=range(10),
)
def test_json_that_is_not_certain(tmp_path: Path, text: str) -> None:
    assert [line[:5] for line in found(tmp_path, {"10-a/main.tf.json": text})] == ["GP503"]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ('"../modules/x"', None),
        ('"./x"', None),
        ('"./x//y/../z"', None),
        ('"../../x"', "leaves the folder"),
        ('"./x/../../.."', "leaves the folder"),
        ('"./~"', "leaves the folder"),  # `~/…` is a file of the home folder, and `~` is then `${path.module}`
        ('"terraform-aws-modules/eks/aws"', "is fetched when Terraform runs"),
        ('"git::https://example.com/x.git"', "is fetched when Terraform runs"),
        ('"/etc"', "is fetched when Terraform runs"),
        ('"."', "is fetched when Terraform runs"),
        ('"./${var.x}"', "is not a plain string"),
        ('"./${"x"}"', "is not a plain string"),
        ('join("/", [".", "x"])', "is not a plain string"),
        ("<<E\n./x\nE\n", "is not a plain string"),
    ],
)
def test_module_sources(tmp_path: Path, source: str, what: str | None) -> None:
    write(tmp_path, {"10-a/main.tf": f'module "m" {{\n  source = {source}\n}}\n'})
    assert [d.message for d in screen(tmp_path) if what is None or not d.message.endswith(what)] == []
    assert [f"{d.code} {d.place}" for d in screen(tmp_path)] == (["GP906 10-a/main.tf:2:3"] if what else [])


def test_sources_in_tests_are_seen_from_the_module_and_from_the_tests(tmp_path: Path) -> None:
    text = 'run "x" {\n  module {\n    source = "%s"\n  }\n}\nmock_provider "aws" {\n  source = "%s"\n}\n'
    files = {
        "m/tests/a.tftest.hcl": text % ("./tests/setup", "./tests/mocks"),
        "m/tests/b.tftest.hcl": text % ("x/y/z", "../.."),
    }
    assert found(tmp_path, files) == ["GP906 m/tests/b.tftest.hcl:3:5", "GP906 m/tests/b.tftest.hcl:7:3"]
    assert (
        found(tmp_path, {"m/c.tftest.json": '{"run": {"x": {"module": {"source": "x/y/z"}}}}'})[0]
        == "GP906 m/c.tftest.json:1:37"
    )


def test_links_lead_where_terraform_sees_them_and_where_they_lead(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "../../x"\n}\nlocals {\n  a = file("${path.module}/../../x")\n}\n'
    write(tmp_path, {"a/b/c/main.tf": call, "a/x/main.tf": ""})
    assert screen(tmp_path) == ()
    (tmp_path / "link").symlink_to("a/b/c")
    assert [f"{d.code} {d.place}" for d in screen(tmp_path)] == ["GP906 a/b/c/main.tf:2:3", "GP910 a/b/c/main.tf:5:7"]


def test_links_within_the_folder_are_ordinary(tmp_path: Path) -> None:
    module = 'locals {\n  a = file("${path.module}/x.txt")\n}\n'
    write(tmp_path, {"modules/x/main.tf": module, "10-a/main.tf": 'module "x" {\n  source = "./modules/x"\n}\n'})
    (tmp_path / "10-a/modules").symlink_to("../modules")
    assert screen(tmp_path) == ()


def test_links_that_multiply_end(tmp_path: Path) -> None:
    write(tmp_path, {"end/main.tf": ""})
    for index in range(24):
        folder = tmp_path / f"d{index}"
        folder.mkdir()
        for name in ("a", "b"):
            (folder / name).symlink_to(f"../d{index + 1}")
    (tmp_path / "d24").symlink_to("end")
    (tmp_path / "loop").symlink_to(".")
    assert [d.code for d in screen(tmp_path)] == ["GP105"]


READS = {
    # expression: whether what it reads is certainly in the folder
    'file("a.txt")': True,
    'file("./a/b/../c.txt")': True,
    'file("${path.module}/a.txt")': True,
    'file("${ path /**/ . module }/../a.txt")': True,
    'file(\n# here\n"${path.root}/a.txt")': True,
    'templatefile("${path.cwd}/a.txt", {})': True,
    'file("${path.module}/a/${basename(var.x)}")': True,
    'file("${path.module}/a/x-${basename("${var.x}/${var.y}")}.txt")': True,
    'fileset(path.module, "a/**/*.{yaml,yml}")': True,
    'fileset("${path.module}/a", "[ab]*")': True,
    'fileset("${path.module}/a", "[!a]/[.]*")': False,
    'file("/etc/passwd")': False,
    'file("\\u002fetc/passwd")': False,
    'file("~/x")': False,
    'file("../a.txt")': False,
    'file("a/../../a.txt")': False,
    'file("${path.root}/../a.txt")': False,
    'file("${path.module}/../../a.txt")': False,
    'file("${path.module}/\\u002e\\u002e/../a.txt")': False,
    'file("${path.module}/${var.x}")': False,
    'file("${path.module}${var.x}")': False,
    'file("${path.module}/%{if true}../../x%{endif}")': False,
    'file("${path.module}/${basename(var.x)}/a.txt")': False,
    'file("${path.module}/${basename(var.x)}${basename(var.y)}")': False,
    'file("${path.module}/..${basename(var.x)}a.txt")': False,  # basename("/") is "/"
    'file("${path.module}/.. ${~basename(var.x)~} a.txt")': False,
    'file("${path.module}/${basename(var.x) == "" ? "../../x" : basename(var.x)}")': False,
    'file("${path["module"]}/a.txt")': False,
    "file(var.x)": False,
    'file(("a.txt"))': False,
    'file(["a.txt"]...)': False,
    'file(join("/", [path.module, "x"]))': False,
    "file(<<E\na.txt\nE\n)": False,
    'file/**/("/etc/passwd")': False,
    'core::file("/etc/passwd")': False,
    '"${"${file("/etc/passwd")}"}"': False,
    '<<-E\n  %{ if fileexists("/x") }\n  %{ endif }\n  E\n': False,
    '{ (file("/x")) = 1 }': False,
    'a.b[file("/x")].c': False,
    '[for path in ["a"] : file("${path.module}/x")]': False,
    '{ for k, path in {} : k => file("${path.module}/x") }': False,
    '"%{ for path in [] }${file("${path.module}/x")}%{ endfor }"': False,
    'fileset("${path.module}/${basename(var.x)}", "*")': False,  # basename("..") is ".."
    'fileset(path.module, "../*")': False,
    'fileset(path.module, "/*")': False,
    'fileset(path.module, "{.,}./*")': False,
    "fileset(path.module, var.x)": False,
    "templatestring(var.x, {})": False,
    **{
        f'file{name}("/x")': False
        for name in ("base64", "base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512")
    },
}


@pytest.mark.parametrize("expression", READS)
def test_files_that_are_read(tmp_path: Path, expression: str) -> None:
    codes = [line[:5] for line in found(tmp_path, {"10-a/main.tf": f"locals {{\n  a = {expression}\n}}\n"})]
    assert codes == ([] if READS[expression] else ["GP910"])


def test_iterators_may_be_named_path(tmp_path: Path) -> None:
    block = 'a "b" "c" {\n  dynamic "%s" {\n    %s\n    content {\n      x = file("${path.module}/x")\n    }\n  }\n}\n'
    assert found(tmp_path, {"a/main.tf": block % ("path", "")}) == ["GP910 a/main.tf:5:11"]
    assert found(tmp_path, {"a/main.tf": block % ("x", "iterator = path")}) == ["GP910 a/main.tf:5:11"]
    assert found(tmp_path, {"a/main.tf": block % ("x", "iterator = y")}) == []


@pytest.mark.parametrize(
    ("call", "place"),
    [
        ('"${path.module}/t/x.tpl"', "10-a/t/x.tpl:2:5"),
        ('"${path.module}/t/${basename(var.x)}"', "10-a/t/x.tpl:2:5"),
        ('"${path.module}/t/x${basename(var.x)}tpl"', "10-a/t/x.tpl:2:5"),
        ('"${path.module}/t${basename(var.x)}x.tpl"', "10-a/t/x.tpl:2:5"),
        ('"t/x.tpl"', "10-a/t/x.tpl:2:5"),
        ('"${path.module}/../t/.y.tpl"', "t/.y.tpl:2:5"),
        ('"${path.module}/t/a.tpl"', None),
        ('"${path.module}/t/a${basename(var.x)}"', None),
    ],
)
def test_texts_that_templatefile_evaluates(tmp_path: Path, call: str, place: str | None) -> None:
    text = 'a\nb ${file("${path.module}/passwd")}\n'  # `path` is whatever the call hands over
    files = {
        "10-a/main.tf": f"locals {{\n  a = templatefile({call}, {{ path = {{}} }})\n}}\n",
        "10-a/t/x.tpl": text,
        "t/.y.tpl": text,
        "10-a/t/a.tpl": '${file("a.txt")} $${file("/x")} $\n',
    }
    assert found(tmp_path, files) == ([f"GP910 {place}"] if place else [])


def test_terraform_joins_marks_to_letters(tmp_path: Path) -> None:
    """In Unicode's form NFC, `e` and an acute are one letter, and name another file than the two."""
    call = "locals {\n  a = templatefile(%s, {})\n}\n"
    hostile = '${file("/etc/passwd")}'
    static = {"10-a/main.tf": call % '"${path.module}/t/e\u0301.tpl"', "10-a/t/é.tpl": hostile}
    assert found(tmp_path / "static", static) == ["GP910 10-a/t/é.tpl:1:3"]
    varying = {"10-a/main.tf": call % '"${path.module}/t/e${basename(var.x)}"', "10-a/t/é.tpl": hostile}
    assert found(tmp_path / "varying", varying) == ["GP910 10-a/t/é.tpl:1:3"]
    other = {"10-a/main.tf": call % '"${path.module}/t/é${basename(var.x)}"'}
    assert found(tmp_path / "other", other) == ["GP910 10-a/main.tf:2:7"]
    loop = {"é/main.tf": 'module "m" {\n  source = "../e\u0301"\n}\n'}
    assert found(tmp_path / "loop", loop) == ["GP105 é/main.tf:2:3"]


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    text = 'locals {\n  a = templatefile("${path.module}/%s", {})\n  b = templatefile("%s/${basename(var.x)}", {})\n}\n'
    assert found(tmp_path, {"10-a/main.tf": text % ("x" * 5000, "y" * 5000)}) == []


def test_circles_multiplication_and_depth(tmp_path: Path) -> None:
    def call(*targets: str) -> str:
        return "".join(f'module "m{i}" {{\n  source = "{target}"\n}}\n' for i, target in enumerate(targets))

    circle = {"10-a/main.tf": call("../m"), "m/main.tf": call("../n"), "n/main.tf": call("./", "../m")}
    assert found(tmp_path / "circle", circle) == ["GP105 n/main.tf:2:3", "GP105 n/main.tf:5:3"]
    double = {f"m{i:02}/main.tf": call(f"../m{i + 1:02}", f"../m{i + 1:02}") for i in range(40)}
    assert found(tmp_path / "double", double) == ["GP105 m30/main.tf:2:3"]
    chain = {f"m{i:02}/main.tf": call(f"../m{i + 1:02}") for i in range(60)}
    assert found(tmp_path / "chain", chain) == ["GP105 m09/main.tf:2:3"]
    assert found(tmp_path / "wide", {"10-a/main.tf": call(*["../m"] * 2000)}) == []
    assert found(tmp_path / "wider", {"10-a/main.tf": call(*["../m"] * 2001)}) == ["GP105 10-a/main.tf:2:3"]
    (tmp_path / "link").mkdir()
    (tmp_path / "link/self").symlink_to(".")
    assert found(tmp_path / "link", {"main.tf": call("./self")}) == ["GP105 main.tf:2:3"]


UNCERTAIN = {
    "a NUL": b"locals {\n  a = module\0\n}\n",
    "a lone carriage return": b"locals {\r  a = module\r}\r",
    "a vertical tab": b"locals {\n  a = module\x0b\n}\n",
    "a byte order mark inside": b"locals {\n  a = \xef\xbb\xbfmodule\n}\n",
    "a blank of another kind": b"locals {\n  a =\xc2\xa0module\n}\n",
    "a name of a new alphabet": "locals {\n  \U0001e900 = module\n}\n".encode(),
    "Latin-1": b"# \xe9\nmodule\n",
    "UTF-16": "module x {}\n".encode("utf-16"),
    "an unclosed block": b"module x {\n",
    "an unclosed string": b'locals {\n  a = "module\n}\n',
    "an unclosed template": b'locals {\n  a = "${module"\n}\n',
    "an unclosed comment": b"locals {\n  a = module /* \n}\n",
    "an unclosed heredoc": b"locals {\n  a = <<E\nmodule\n}\n",
    "a heredoc that ends with the file": b"locals {\n  a = <<E\nmodule\nE",
    "a marker behind a form feed": b"locals {\n  a = <<E\nmodule\n\x0cE\n}\n",
    "a brace too many": b"module x {}\n}\n",
    "other brackets": b"locals {\n  a = [module)\n}\n",
    "an object with an error": b"locals {\n  a = { a b\n  cloud {}\n }\n}\nmodule x {}\n",
    "two attributes in a line": b"locals { a = module b = 2 }\n",
    "a quoted name": b'"module" "x" {}\n',
    "an unknown escape": b'locals {\n  a = "module \\x"\n}\n',
    "an escape of no character": b'locals {\n  a = "module \\UFFFFFFFF"\n}\n',
    "a directive without its end": b'locals {\n  a = "module %{if true}"\n}\n',
    "brackets without end": b"locals {\n  a = " + b"(" * 5000 + b"module\n}\n",
    "templates without end": b"locals {\n  a = " + b'"${' * 5000 + b"module\n}\n",
    "blocks without end": b"module {\n" * 5000,
    "words without end": b"locals {\n  a = [" + b"module," * 400_000 + b"]\n}\n",
}


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_two_readers_may_read_differently_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.tf").write_bytes(UNCERTAIN[name])
    assert [d.code for d in screen(tmp_path)] == ["GP503"]


def test_errors_of_syntax_are_refused_whatever_the_file_holds(tmp_path: Path) -> None:
    """`terraform fmt`, which acts on nothing, still says what is wrong in its own words."""
    for name, text in {"main.tf": "locals {\n", "a.auto.tfvars": "a = \n", "terraform.tfvars.json": "{"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert [d.code for d in screen(tmp_path)] == ["GP503"]
        (tmp_path / name).unlink()


def test_bounds(tmp_path: Path) -> None:
    text = "# module " + "x" * 3_000_000
    assert found(tmp_path / "much", {f"{i}/main.tf": text for i in range(3)}) == ["GP105 2/main.tf:1:1"]
    (tmp_path / "large").mkdir()
    (tmp_path / "large/main.tf").write_bytes(b"#" * 5_000_000)
    assert [d.code for d in screen(tmp_path / "large")] == ["GP101"]
    assert len(found(tmp_path / "many", {"main.tf": 'provisioner "x" {}\n' * 3000})) == 1000


def test_many_links_to_many_calls_end(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": "x = [" + 'templatefile("x", {}),\n' * 2000 + "]\n"})
    for number in range(150):
        (tmp_path / f"b{number}").symlink_to("a")
    assert [d.code for d in screen(tmp_path)] == ["GP105"]


def test_the_repository_holds_nothing_of_it() -> None:
    for folder in (REPOSITORY / "modules", *(REPOSITORY / "environments").glob("*/")):
        assert screen(folder) == ()


def test_a_text_that_is_known_is_judged_where_it_stands(tmp_path: Path) -> None:
    text = 'module "m" {\n  source = "../m"\n}\nresource "a" "b" {\n  provisioner "local-exec" {}\n}\n'
    known: Known = {}
    inside, outside = (write(tmp_path / name, {"r/main.tf": text}) for name in ("inside", "outside"))
    write(inside, {"m/main.tf": ""})
    assert [f"{d.code} {d.place}" for d in screen(inside, known)] == [f"{d.code} {d.place}" for d in screen(inside)]
    assert known
    assert [str(d) for d in screen(outside, known)] == [str(d) for d in screen(outside)] != []
