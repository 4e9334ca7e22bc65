"""The parts of the engine that need no Terraform, and the runner."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.terraform.archive import full_address, member_name, schema_sources
from groundplan.terraform.plugin.answers.registry import ANSWERS
from groundplan.terraform.plugin.files import Files
from groundplan.terraform.plugin.ledger import Ledger
from groundplan.terraform.plugin.patterns import zone_id
from groundplan.terraform.plugin.synthetic import Scope, Synthesizer
from groundplan.terraform.plugin.values import UNKNOWN, decode, encode, fill_unknown, mark_computed, take_write_only
from groundplan.terraform.reports import explain_offline, from_format
from groundplan.terraform.runner import Completed, Program, Runner, embedded_program, installed_program
from groundplan.terraform.usage import scan
from groundplan.terraform.workspace import copy_configuration, throwaway_folder

BLOCK: dict[str, Any] = {
    "attributes": {
        "id": {"type": "string", "computed": True},
        "secret_wo": {"type": "string", "optional": True, "write_only": True},
        "items": {
            "nested_type": {
                "nesting_mode": "list",
                "attributes": {
                    "a": {"type": "string", "computed": True},
                    "b_wo": {"type": "string", "write_only": True},
                },
            },
            "optional": True,
        },
    },
    "block_types": {
        "part": {"nesting_mode": "set", "block": {"attributes": {"n": {"type": "number", "computed": True}}}},
        "one": {"nesting_mode": "single", "block": {"attributes": {"s": {"type": "string", "computed": True}}}},
    },
}


class Dynamic:
    def __init__(self, msgpack: bytes = b"", json_: bytes = b"") -> None:
        self.msgpack, self.json = msgpack, json_


def test_values_survive_the_wire() -> None:
    value = {"a": [1, None, UNKNOWN], "b": {"c": "é"}, "d": True}
    assert decode(Dynamic(encode(value))) == value
    assert decode(Dynamic(json_=b'{"a": 1}')) == {"a": 1}
    assert decode(Dynamic()) is None


def test_walks_reach_nested_blocks_and_attributes() -> None:
    value: dict[str, Any] = {
        "id": None,
        "secret_wo": "s3cret",
        "items": [{"a": None, "b_wo": "inner"}],
        "part": [{"n": None}, {"n": 2}],
        "one": {"s": None},
    }
    assert list(take_write_only(BLOCK, value)) == ["s3cret", "inner"]
    mark_computed(BLOCK, value)
    assert value["secret_wo"] is None and value["items"] == [{"a": UNKNOWN, "b_wo": None}]
    seen: list[tuple[str, ...]] = []
    fill_unknown(BLOCK, value, lambda path, _attribute: seen.append(path) or "made")  # type: ignore[func-returns-value]
    assert seen == [("id",), ("items", "a"), ("part", "n"), ("one", "s")]
    assert value["part"] == [{"n": "made"}, {"n": 2}] and value["one"] == {"s": "made"}


def test_unknown_and_absent_collections_are_left_alone() -> None:
    value: dict[str, Any] = {"id": "x", "items": UNKNOWN, "part": UNKNOWN, "one": None}
    mark_computed(BLOCK, value)
    assert value == {"id": "x", "items": UNKNOWN, "part": UNKNOWN, "one": None}


def test_the_ledger_keeps_secrets_apart_from_what_stands_beside_them() -> None:
    ledger = Ledger()
    block = {"attributes": {"password": {"sensitive": True}, "host": {}, "user": {"computed": True}}}
    ledger.received(["db.example.com", "correct-horse", "true", '{"inner": "battery-staple"}'])
    ledger.plain(block, {"password": "correct-horse", "host": "db.example.com"})
    ledger.issued(block, {"password": "issued-password", "user": "not-a-secret"})
    assert {"correct-horse", "battery-staple", "issued-password"} <= set(ledger.secrets())
    assert not {"db.example.com", "true", "not-a-secret"} & set(ledger.secrets())


def test_scope_comes_from_the_provider_block() -> None:
    role = {"region": "cn-north-1", "assume_role": [{"role_arn": "arn:aws-cn:iam::111122223333:role/x"}]}
    assert Scope.from_provider("aws", role).account_id == "111122223333"
    assert Scope.from_provider("aws", role).partition == "aws-cn"
    assert Scope.from_provider("google", {"project": "p", "region": "europe-west1"}).project == "p"
    assert Scope.from_provider("aws", {"region": UNKNOWN}) == Scope()


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("us-east-1", "use1-az2"),
        ("us-west-2", "usw2-az2"),
        ("eu-west-1", "euw1-az2"),
        ("eu-central-1", "euc1-az2"),
        ("ap-southeast-2", "apse2-az2"),
        ("ap-northeast-1", "apne1-az2"),
        ("us-gov-west-1", "usgw1-az2"),
    ],
)
def test_zone_ids(region: str, expected: str) -> None:
    assert zone_id(region, 2) == expected


def test_made_up_values_depend_on_the_seed_alone() -> None:
    def arn(seed: str) -> str:
        return Synthesizer(Scope(), "aws_kms_key", {}, seed).text(("arn",))

    assert arn("a") == arn("a") != arn("b")


def test_schema_addresses_and_members() -> None:
    assert full_address("aws") == full_address("hashicorp/aws") == "registry.terraform.io/hashicorp/aws"
    assert full_address("example.com/a/b") == "example.com/a/b"
    assert member_name("data", "aws_eks_cluster") == "data/eks.json"


def test_a_schema_file_replaces_the_archive_of_its_provider(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"provider_schemas": {"registry.terraform.io/hashicorp/time": {}}}))
    found = {source.about.name: source for source in schema_sources([file])}
    assert found["time"].path == file and found["time"].load().types["resource"] == {}
    assert found["aws"].path.suffix == ".zip"


def test_scan_reads_both_syntaxes_and_follows_local_modules(tmp_path: Path) -> None:
    root, module, other = tmp_path / "root", tmp_path / "shared" / "m", tmp_path / "deep"
    for folder in (root / ".terraform", module, other):
        folder.mkdir(parents=True)
    (root / "a.tf").write_text('resource "aws_vpc" "v" {}\nmodule "m" {\n  source = "../shared/m"\n}\n')
    (root / "b.tf.json").write_text('{"data": [{"aws_region": {"r": {}}}], "module": {"n": {"source": "../deep"}}}')
    (root / ".terraform" / "c.tf").write_text('resource "never_read" "x" {}')
    (module / "m.tf").write_text('ephemeral "random_password" "p" {}\n#resource "aws_eip" "e" {}')
    (other / "d.tf").write_text('run "x" {}\nresource aws_eip e {}')
    usage = scan([root])
    assert usage.types == {
        "resource": {"aws_vpc", "aws_eip"},
        "data": {"aws_region"},
        "ephemeral": {"random_password"},
    }
    assert usage.module_folders == {module, other}


def test_copy_keeps_positions_and_leaves_state_behind(tmp_path: Path) -> None:
    env, module = tmp_path / "env" / "dev", tmp_path / "shared" / "m"
    for path in (env / "main.tf", env / ".terraform" / "x", env / "terraform.tfstate", module / "m.tf"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    workspace = copy_configuration(env, [module], tmp_path / "copy")
    copied = {
        path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*") if path.is_file()
    }
    assert copied == {"env/dev/main.tf", "shared/m/m.tf"}
    assert workspace.original_of(workspace.copy_of(env) / ".." / ".." / "shared" / "m" / "m.tf") == module / "m.tf"


def test_what_is_no_file_stays_behind(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.tf").write_text('resource "a_b" "c" {}\n', encoding="utf-8")
    (root / "gone.tf").symlink_to("nowhere")
    (root / "again").symlink_to(".", target_is_directory=True)
    os.mkfifo(root / "pipe.tf")
    assert scan([root]).types["resource"] == {"a_b"}
    workspace = copy_configuration(root, (), tmp_path / "work")
    assert [path.name for path in workspace.top.iterdir()] == ["main.tf"]


def test_a_throwaway_folder_is_gone_after_an_interrupt_of_its_removal(monkeypatch: pytest.MonkeyPatch) -> None:
    remove, calls = shutil.rmtree, []

    def interrupted(folder: Path, ignore_errors: bool = False) -> None:
        calls.append(folder)
        if len(calls) == 1:
            raise KeyboardInterrupt
        remove(folder, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), throwaway_folder() as folder:
        (folder / "state").write_text("x", encoding="utf-8")
    assert len(calls) == 2
    assert not folder.exists()


def test_what_fmt_cannot_read_has_a_place() -> None:
    said = """
Error: Invalid expression

  on modules/a b/main.tf line 2, in resource "aws_sqs_queue" "q":
   2:   name =

Expected the start of an expression, but found an invalid expression token.
"""
    (found,) = from_format(Completed(2, "", said, 0.1))
    assert (found.message, str(found.place)) == (
        "`terraform fmt` cannot read it: Invalid expression",
        "modules/a b/main.tf:2:1",
    )


def test_an_announcement_of_errors_is_left_out_before_errors() -> None:
    announcement = Diagnostic("GP502", "Terraform encountered problems during initialisation")
    error = Diagnostic("GP502", "Invalid expression")
    assert explain_offline([announcement, error]) == (error,)
    assert explain_offline([announcement]) == (announcement,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "cannot read the provider schema file: no such file or directory"),
        ("resource", "not a provider schema file: not JSON: Expecting value"),
        ("{}", "not a provider schema file: no object `provider_schemas` of providers in it"),
    ],
)
def test_a_file_without_schemas_says_what_is_wrong(text: str | None, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DiagnosticsError) as raised:
        schema_sources([file])
    assert [(d.code, d.message) for d in raised.value.diagnostics] == [("GP507", expected)]


def test_the_runner_gives_an_explicit_environment_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "leak")
    program = Program(("/bin/sh", "-c", "env; pwd", "sh"))
    folder = tmp_path / "a b é"
    folder.mkdir()
    alone = Runner(program, {"TF_X": "a b"}).run(folder, "plan", "-x=y z")
    assert "leak" not in alone.stdout and "TF_X=a b" in alone.stdout and "TF_IN_AUTOMATION=1" in alone.stdout
    assert str(folder) in alone.stdout
    assert "leak" in Runner(program, inherit=True).run(folder, "plan").stdout


def test_the_runner_passes_arguments_unchanged(tmp_path: Path) -> None:
    program = Program(("/bin/sh", "-c", 'printf "%s\\n" "$@"', "sh"))
    ran = Runner(program).run(tmp_path, "providers schema", "-json", "a b", "$HOME")
    assert ran.stdout.splitlines() == ["providers", "schema", "-json", "a b", "$HOME"]


def test_the_runner_stops_what_takes_too_long(tmp_path: Path) -> None:
    ran = Runner(Program(("/bin/sleep",)), timeout_seconds=0.2).run(tmp_path, "30")
    assert ran.timed_out and ran.returncode != 0


def test_the_embedded_program_is_terraform(tmp_path: Path) -> None:
    ran = Runner(embedded_program(), {"HOME": str(tmp_path)}).run(tmp_path, "version", "-json")
    assert json.loads(ran.stdout)["terraform_version"].startswith("1.")


def test_a_missing_program_is_an_error_with_a_remedy() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        installed_program("no-such-terraform")
    assert caught.value.diagnostics[0].code == "GP801" and "--terraform-bin" in (caught.value.diagnostics[0].hint or "")


def test_subnets_of_a_list_are_in_zones_of_their_own_that_serve_the_lists_of_zones(tmp_path: Path) -> None:
    ids = [f"subnet-{number:08x}" for number in range(3)]
    text = f"private_subnet_ids = {json.dumps(ids)}\npublic_subnet_ids = [\n  {json.dumps(ids[2])},\n]\n"
    text += 'one = ["use1-az6"]\ntwo = ["use1-az2", "use1-az4"]\nthree = ["use1-az2", "use1-az5"]\n'
    (tmp_path / "main.tf").write_text(text)
    files = Files(tmp_path, (tmp_path,))
    answer = ANSWERS["data", "aws_subnet"]

    def zone(subnet: str, files: Files) -> str:
        return str(
            answer(Synthesizer(Scope(files=files), "aws_subnet", {"id": subnet}, subnet))["availability_zone_id"]
        )

    assert [zone(subnet, files) for subnet in ids] == ["use1-az2", "use1-az6", "use1-az1"]
    elsewhere = [f"subnet-{number:08x}" for number in range(90, 94)]
    assert len({zone(subnet, files) for subnet in elsewhere}) == 4
    assert len({zone(subnet, Files()) for subnet in ids}) == 3
