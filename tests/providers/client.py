"""A real provider, asked for plans over its own protocol: no Terraform, no credentials, no cloud.

A provider says itself where it listens, once it is started with the cookie that Terraform starts it with
(https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md).
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from groundplan.terraform.plugin.definition import read
from groundplan.terraform.plugin.values import decode, encode

pb: Any = read((Path(__file__).parent / "tfplugin5.proto").read_text("utf-8"))

_COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
_LARGE = [("grpc.max_receive_message_length", 256 * 2**20)]


@dataclass(frozen=True)
class Plan:
    """What a provider plans for one resource."""

    planned: Any
    replaced: Sequence[tuple[str | int, ...]]
    private: bytes
    errors: Sequence[str]


class Provider:
    """A provider that is running."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel

    def configure(self, config: Mapping[str, Any]) -> Sequence[str]:
        """Hands it the provider block; gives its errors."""
        request = pb.Configure.Request(terraform_version="1.11.4", config=_dynamic(config))
        return _errors(self._call("Configure", request, pb.Configure.Response).diagnostics)

    def plan(self, type_: str, prior: Any, proposed: Any, config: Any, private: bytes = b"") -> Plan:
        """What it plans from one state to the next; nothing is read or written anywhere."""
        request = pb.PlanResourceChange.Request(
            type_name=type_,
            prior_state=_dynamic(prior),
            proposed_new_state=_dynamic(proposed),
            config=_dynamic(config),
            prior_private=private,
        )
        response = self._call("PlanResourceChange", request, pb.PlanResourceChange.Response)
        return Plan(
            decode(response.planned_state),
            [tuple(map(_step, path.steps)) for path in response.requires_replace],
            response.planned_private,
            _errors(response.diagnostics),
        )

    def _call(self, method: str, request: Any, answer: Any) -> Any:
        call = self._channel.unary_unary(
            f"/tfplugin5.Provider/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer.FromString,
        )
        return call(request, timeout=120)


def binary(name: str, version: str) -> Path | None:
    """The provider in a directory that Terraform would look into without a network; None where there is none."""
    inside = f"registry.terraform.io/hashicorp/{name}/{version}/*/terraform-provider-{name}_v{version}*"
    return next((path for folder in _mirrors() for path in sorted(folder.glob(inside))), None)


@contextmanager
def running(program: Path, folder: Path) -> Iterator[Provider]:
    """The provider for as long as it is used; its socket lies in the folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    process = subprocess.Popen(
        [program],
        env=environment | _COOKIE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
    )
    try:
        assert process.stdout is not None
        _, _, network, address, *_ = process.stdout.readline().strip().split("|")
        with grpc.insecure_channel(f"unix:{address}" if network == "unix" else address, options=_LARGE) as channel:
            yield Provider(channel)
    finally:
        process.kill()
        process.wait()


def _mirrors() -> Sequence[Path]:
    """The implied local mirrors and those of the command line's configuration.

    https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    """
    home = Path.home()
    config = Path(os.environ.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc")
    text = config.read_text("utf-8") if config.is_file() else ""
    stated = re.findall(r'^\s*path\s*=\s*"([^"]+)"', text, re.MULTILINE)
    usual = [
        home / ".terraform.d/plugins",
        home / ".local/share/terraform/plugins",
        Path("/usr/local/share/terraform/plugins"),
    ]
    extra = os.environ.get("TF_PLUGIN_CACHE_DIR")
    return [*map(Path, stated), *usual, *([Path(extra)] if extra else [])]


def _step(step: Any) -> str | int:
    if step.attribute_name:
        return str(step.attribute_name)
    return str(step.element_key_string) if step.element_key_string else int(step.element_key_int)


def _dynamic(value: Any) -> Any:
    return pb.DynamicValue(msgpack=encode(value))


def _errors(diagnostics: Any) -> list[str]:
    return [f"{each.summary} {each.detail}".strip() for each in diagnostics if each.severity == pb.Diagnostic.ERROR]
