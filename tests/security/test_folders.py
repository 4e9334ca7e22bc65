# ruff: noqa: E501 - Terraform as it is written
"""Folders of Terraform as an attacker would commit them: nothing of theirs runs, connects or reads elsewhere."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.security.conftest import Sentinel

Files = Callable[[Sentinel], dict[str, str]]

TOPIC = 'resource "aws_sns_topic" "t" {\n  kms_master_key_id = "alias/aws/sns"\n}\n'


def _kubeconfig(sentinel: Sentinel) -> str:
    """A configuration of kubectl whose credentials come from a program."""
    execute = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "interactiveMode": "Never",
        "command": str(sentinel.program),
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": f"https://127.0.0.1:{sentinel.port}"}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "users": [{"name": "u", "user": {"exec": execute}}],
        }
    )


def _remote_state(backend: str, config: str) -> Files:
    def files(sentinel: Sentinel) -> dict[str, str]:
        values = config.replace("PORT", str(sentinel.port)).replace("PROGRAM", str(sentinel.program))
        return {
            "main.tf": f'data "terraform_remote_state" "x" {{\n  backend = "{backend}"\n  config  = {{\n{values}\n  }}\n}}\n',
            "kubeconfig.yaml": _kubeconfig(sentinel),
            "aws-config": f"[default]\ncredential_process = {sentinel.program}\n",
        }

    return files


def _text(**files: str) -> Files:
    """Files by name, `.` written as `__`; PORT, PROGRAM and OUTSIDE stand for what the sentinel watches."""

    def filled(sentinel: Sentinel) -> dict[str, str]:
        known = {"PORT": str(sentinel.port), "PROGRAM": str(sentinel.program), "OUTSIDE": str(sentinel.outside)}
        made = {}
        for name, text in files.items():
            made[name if "." in name else name.replace("__", ".")] = re.sub(
                "|".join(known), lambda word: known[word[0]], text
            )
        return made | {"kubeconfig.yaml": _kubeconfig(sentinel)}

    return filled


def _shown(expression: str) -> Files:
    """A condition that fails and shows the value of an expression."""
    return _text(
        main__tf='variable "x" {\n  type    = string\n  default = "y"\n\n  validation {\n    condition     = var.x == "z"\n'
        f"    error_message = {expression}\n  }}\n}}\n"
    )


BACKEND = (
    'terraform {\n  backend "kubernetes" {\n    secret_suffix = "x"\n    config_path   = "kubeconfig.yaml"\n  }\n}\n'
)

REFUSED: dict[str, tuple[str, Files]] = {
    "remote state in Kubernetes": (
        "GP909",
        _remote_state("kubernetes", '    secret_suffix = "x"\n    config_path = "kubeconfig.yaml"'),
    ),
    "remote state in S3": (
        "GP909",
        _remote_state("s3", '    bucket = "b"\n    key = "k"\n    region = "us-east-1"\n    shared_config_files = ["aws-config"]'),
    ),
    "remote state over HTTP": ("GP909", _remote_state("http", '    address = "http://127.0.0.1:PORT/state"')),
    "remote state in PostgreSQL": (
        "GP909",
        _remote_state("pg", '    conn_str = "postgres://u:p@127.0.0.1:PORT/d?sslmode=disable"'),
    ),
    "remote state in a check": (
        "GP909",
        _text(
            main__tf='check "c" {\n  data "terraform_remote_state" "x" {\n    backend = "http"\n'
            '    config  = { address = "http://127.0.0.1:PORT/" }\n  }\n\n'
            '  assert {\n    condition     = true\n    error_message = "never"\n  }\n}\n'
        ),
    ),
    "remote state in JSON": (
        "GP909",
        _text(
            main__tf__json='{"data": {"terraform_remote_\\u0073tate": {"x": [{"backend": "http", '
            '"config": {"address": "http://127.0.0.1:PORT/"}}]}}}'
        ),
    ),
    "backend in an override file": ("GP909", _text(main__tf=TOPIC, zz_override__tf=BACKEND)),
    "backend in the last override file": (
        "GP909",
        _text(
            main__tf=TOPIC,
            zzzz_override__tf__json='{"terraform": {"backend": {"http": {"address": "http://127.0.0.1:PORT/"}}}}',
        ),
    ),
    "cloud": (
        "GP909",
        _text(
            main__tf='terraform {\n  cloud {\n    hostname     = "127.0.0.1:PORT"\n    organization = "o"\n\n'
            '    workspaces {\n      name = "w"\n    }\n  }\n}\n'
        ),
    ),
    "provisioner": (
        "GP909",
        _text(main__tf='resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "PROGRAM"\n  }\n}\n'),
    ),
    "provisioner of what is removed": (
        "GP909",
        _text(
            main__tf="removed {\n  from = terraform_data.x\n\n  lifecycle {\n    destroy = true\n  }\n\n"
            '  provisioner "local-exec" {\n    when    = destroy\n    command = "PROGRAM"\n  }\n}\n'
        ),
    ),
    "provisioner in a module in JSON": (
        "GP909",
        _text(
            main__tf='module "m" {\n  source = "./m"\n}\n',
            **{
                "m/main__tf__json": '{"resource": {"terraform_data": {"x": {"provisioner": '
                '[{"local-exec": {"command": "PROGRAM"}}]}}}}'
            },
        ),
    ),
    "connection": (
        "GP909",
        _text(
            main__tf='resource "terraform_data" "x" {\n  connection {\n    host = "127.0.0.1"\n    port = PORT\n  }\n}\n'
        ),
    ),
    "encryption": (
        "GP909",
        _text(
            main__tf='terraform {\n  encryption {\n    key_provider "external" "x" {\n      command = ["PROGRAM"]\n    }\n  }\n}\n'
        ),
    ),
    "OpenTofu's own file": ("GP909", _text(main__tf=TOPIC, more__tofu=BACKEND)),
    "module over git": ("GP906", _text(main__tf='module "m" {\n  source = "git::http://127.0.0.1:PORT/x.git"\n}\n')),
    "module over HTTP": ("GP906", _text(main__tf='module "m" {\n  source = "http://127.0.0.1:PORT/x.zip"\n}\n')),
    "module over Mercurial": (
        "GP906",
        _text(main__tf='module "m" {\n  source = "hg::http://127.0.0.1:PORT/x"\n}\n'),
    ),
    "module of a registry": ("GP906", _text(main__tf='module "m" {\n  source = "127.0.0.1:PORT/a/b/c"\n}\n')),
    "module above the folder": ("GP906", _text(main__tf='module "m" {\n  source = "../../../../../../etc"\n}\n')),
    "module above the folder, overridden": (
        "GP906",
        _text(
            main__tf='module "m" {\n  source = "./m"\n}\n',
            override__tf='module "m" {\n  source = "../../sentinel"\n}\n',
            **{"m/main__tf": "locals {}\n"},
        ),
    ),
    "module that calls itself": (
        "GP105",
        _text(main__tf='module "m" {\n  source = "./m"\n}\n', **{"m/main__tf": 'module "m" {\n  source = "./"\n}\n'}),
    ),
    "plugins beside the source": (
        "GP909",
        _text(**{"main__tf": TOPIC, "terraform.d/plugins/x.io/a/b/1.0.0/linux_amd64/terraform-provider-b": "PROGRAM"}),
    ),
    "file in a message": ("GP910", _shown('file("OUTSIDE")')),
    "file by a computed name": ("GP910", _shown('file(join("/", ["", "proc", "self", "environ"]))')),
    "every environment": ("GP910", _shown('join(" ", [for f in fileset("/proc", "[0-9]*/environ") : filebase64("/proc/${f}")])')),
    "file by its full name": ("GP910", _shown('core::file("OUTSIDE")')),
    "template elsewhere": ("GP910", _shown('templatefile("OUTSIDE", {})')),
    "template that reads": (
        "GP910",
        _text(
            main__tf='output "x" {\n  value = templatefile("${path.module}/t.txt", {})\n}\n',
            t__txt='${file("OUTSIDE")}\n',
        ),
    ),
    "template made while it runs": ("GP910", _text(main__tf='locals {\n  t = "$${file(\\"OUTSIDE\\")}"\n}\n\noutput "x" {\n  value = templatestring(local.t, {})\n}\n')),
    "file in JSON": ("GP910", _text(main__tf__json='{"output": {"x": {"value": "${file(\\"OUTSIDE\\")}"}}}')),
}  # fmt: skip


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_each_is_found(sentinel: Sentinel, tmp_path: Path) -> None:
    """One folder with a root for each: Terraform is started on none of them."""
    folder = tmp_path / "environment"
    for number, (_, files) in enumerate(REFUSED.values(), start=10):
        write(folder / f"{number}-attack", files(sentinel))
    ended = sentinel.groundplan(["check", str(folder), "--format", "json"])
    report = json.loads(ended.out)
    assert [step["status"] for step in report["steps"] if step["name"] in ("validate", "plan")] == ["not_run"] * 2
    found = [(one["code"], Path(one["place"]["file"]).parts) for one in report["diagnostics"] if one["place"]]
    by_root = {name: f"{number}-attack" for number, name in enumerate(REFUSED, start=10)}
    missing = {
        name
        for name, (code, _) in REFUSED.items()
        if not any(code == one and by_root[name] in where for one, where in found)
    }
    assert missing == set()


@pytest.mark.parametrize("name", REFUSED)
def test_each_alone_keeps_terraform_from_starting(
    sentinel: Sentinel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("GROUNDPLAN_SANDBOX", "off")
    code, files = REFUSED[name]
    ended = sentinel.groundplan(["rehearse", str(write(tmp_path / "environment", files(sentinel)))])
    assert f"[{code}]" in ended.printed, ended.printed
    assert ended.code in (1, 2)


BESIDE = _text(
    **{
        "10-a/main.tf": TOPIC,
        "10-a/.terraform/modules/modules.json": '{"Modules": [{"Key": "", "Source": "", "Dir": "../../sentinel"}]}',
        "10-a/.terraform/terraform.tfstate": '{"version": 3, "backend": {"type": "http", "hash": 1, "config": '
        '{"address": "http://127.0.0.1:PORT/"}}}',
        "10-a/terraform.rc": 'provider_installation {\n  network_mirror {\n    url = "https://127.0.0.1:PORT/"\n  }\n}\n',
        "20-b/main.tf": 'data "external" "x" {\n  program = ["PROGRAM"]\n}\n\n'
        'data "http" "y" {\n  url = "http://127.0.0.1:PORT/"\n}\n',
        "30-c/main.tf": 'terraform {\n  required_providers {\n    evil = {\n      source = "127.0.0.1:PORT/a/evil"\n'
        '    }\n  }\n}\n\nresource "evil_thing" "x" {}\n',
        "40-d/main.tf": 'provider "kubernetes" {\n  host = "https://127.0.0.1:PORT"\n\n  exec {\n'
        '    api_version = "client.authentication.k8s.io/v1beta1"\n    command     = "PROGRAM"\n  }\n}\n\n'
        'provider "helm" {\n  kubernetes = {\n    host = "https://127.0.0.1:PORT"\n\n    exec = {\n'
        '      api_version = "client.authentication.k8s.io/v1beta1"\n      command     = "PROGRAM"\n    }\n  }\n}\n\n'
        'resource "kubernetes_namespace_v1" "x" {\n  metadata {\n    name = "x"\n  }\n}\n\n'
        'resource "helm_release" "x" {\n  name       = "x"\n  repository = "https://127.0.0.1:PORT"\n  chart      = "x"\n}\n',
        ".checkov.yaml": "external-checks-dir: [checks]\nexternal-checks-git: ['http://127.0.0.1:PORT/x.git']\n",
        "checks/__init__.py": "import subprocess\nsubprocess.run(['PROGRAM'])\n",
        "checkov/__init__.py": "import subprocess\nsubprocess.run(['PROGRAM'])\n",
        "sitecustomize.py": "import subprocess\nsubprocess.run(['PROGRAM'])\n",
    }
)
"""What a program may pick up where it runs: earlier downloads, settings, plugins, packages, programs for credentials."""


def test_what_lies_beside_the_source_has_no_effect(sentinel: Sentinel, tmp_path: Path, walls: str) -> None:
    folder = write(tmp_path / "environment", BESIDE(sentinel))
    ended = sentinel.groundplan(["check", str(folder), "--format", "json"])
    report = json.loads(ended.out)
    roots = report["terraform"]["roots"]
    assert {name: root["planned"] for name, root in roots.items()} == {
        "10-a": True,
        "20-b": False,
        "30-c": False,
        "40-d": True,
    }
    for root in roots:
        sentinel.groundplan(["rehearse", str(folder), "--root", root])


def _links(folder: Path, sentinel: Sentinel) -> None:
    (folder / "more.tf").symlink_to(sentinel.outside)


def _environment(folder: Path, sentinel: Sentinel) -> None:
    (folder / "terraform.tfvars").symlink_to("/proc/self/environ")


def _pipe(folder: Path, sentinel: Sentinel) -> None:
    os.mkfifo(folder / "more.tf")


def _device(folder: Path, sentinel: Sentinel) -> None:
    (folder / "groundplan.lock.json").symlink_to("/dev/zero")


def _folder(folder: Path, sentinel: Sentinel) -> None:
    (folder / "m").symlink_to(sentinel.folder)


@pytest.mark.parametrize("make", [_links, _environment, _pipe, _device, _folder])
def test_only_files_of_the_folder_are_read(
    sentinel: Sentinel, tmp_path: Path, make: Callable[[Path, Sentinel], None]
) -> None:
    folder = write(tmp_path / "environment", {"main.tf": TOPIC})
    make(folder, sentinel)
    for command in ("check", "rehearse"):
        ended = sentinel.groundplan([command, str(folder)])
        assert "[GP101]" in ended.printed
        assert ended.code == 2
