"""Values for what only a cloud would know: made up, well formed, and the same for the same input."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from groundplan.terraform.archive import Schema
from groundplan.terraform.plugin import patterns
from groundplan.terraform.plugin.files import Files
from groundplan.terraform.plugin.values import Path, attribute_type, is_unknown

_PEM = "-----BEGIN {0}-----\n{1}\n-----END {0}-----\n"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the provider block says about where things would be."""

    region: str = "us-east-1"
    account_id: str = "123456789012"
    project: str = "offline-project"
    default_tags: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=Files)

    @property
    def partition(self) -> str:
        """The AWS partition of the region."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @classmethod
    def from_provider(cls, name: str, config: Mapping[str, Any], files: Files | None = None) -> Scope:
        """The scope a provider configuration describes; what it leaves open keeps its default."""
        found: dict[str, Any] = {key: config[key] for key in ("region", "project") if isinstance(config.get(key), str)}
        found["files"] = files or Files()
        if name in ("google", "google-beta"):
            labels = config.get("default_labels")
            return cls(**{"region": "us-central1", **found}, default_tags=labels if isinstance(labels, dict) else {})
        if name != "aws":
            return cls(**found)
        accounts = [*(config.get("allowed_account_ids") or ()), *_role_accounts(config)]
        account = next((item for item in accounts if isinstance(item, str)), None)
        if account:
            found["account_id"] = account
        tags = _first_block(config.get("default_tags")).get("tags")
        return cls(**found, default_tags=tags if isinstance(tags, dict) else {})


def project_number(project: str) -> str:
    """Twelve digits that belong to a project's id."""
    return str(10**11 + int(hashlib.sha256(project.encode()).hexdigest(), 16) % (9 * 10**11))


_ALL_TAGS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "tags_all": ("tags", {}),
    "terraform_labels": ("labels", {"goog-terraform-provisioned": "true"}),
    "effective_labels": ("labels", {"goog-terraform-provisioned": "true"}),
}
"""Attribute with all tags or labels -> the argument with the resource's own, and what the provider adds.

https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference#add_terraform_attribution_label
"""


def merged_tags(scope: Scope, block: Schema, proposed: dict[str, Any], prior: Mapping[str, Any] | None) -> None:
    """Sets what holds all tags or labels to the default ones and the resource's own, as the providers do in a plan."""
    for name, (own, added) in _ALL_TAGS.items():
        if name not in block.get("attributes", {}):
            continue
        tags = proposed.get(own if own in block["attributes"] else f"resource_{own}")
        if tags is None or isinstance(tags, dict):
            merged = {**added, **scope.default_tags, **(tags or {})}
            if prior is None or merged != (prior.get(name) or {}):
                proposed[name] = merged


class Synthesizer:
    """Makes values for one resource, data source or ephemeral resource.

    `values` are the arguments and whatever else is known; equal `seed`s give equal values.
    """

    def __init__(self, scope: Scope, type_name: str, values: dict[str, Any], seed: str) -> None:
        self.scope = scope
        self.type_name = type_name
        self.values = values
        self.notes: list[tuple[str, str]] = []
        """What is to be known about the values: a summary and the rest."""
        self.refusals: list[tuple[str, str]] = []
        """Why there are no values, in the same form."""
        self._seed = seed

    def make(self, path: Path, attribute: Schema) -> Any:
        """A value for the attribute at `path`.

        Collections of what the user could have set are empty, those only the provider fills have one element.
        """
        kind = attribute_type(attribute)
        if isinstance(kind, list) and kind[0] in ("list", "set", "map") and attribute.get("optional"):
            return {} if kind[0] == "map" else []
        return self._value(path, kind)

    def note(self, summary: str, detail: str) -> None:
        """Has Terraform warn of something about the values."""
        self.notes.append((summary, detail))

    def refuse(self, summary: str, detail: str) -> None:
        """Has Terraform end with an error, because there are no values."""
        self.refusals.append((summary, detail))

    def known(self, name: str) -> Any:
        """An argument's value, None when it has none that is known."""
        value = self.values.get(name)
        return None if is_unknown(value) else value

    def hex(self, length: int, salt: str = "") -> str:
        """Hexadecimal digits that depend on the seed and the salt; at most 64."""
        return hashlib.sha256(f"{self._seed} {salt}".encode()).hexdigest()[:length]

    def octets(self, count: int) -> bytes:
        """So many bytes that depend on the seed."""
        blocks = [hashlib.sha256(f"{self._seed} octets {n}".encode()).digest() for n in range(count // 32 + 1)]
        return b"".join(blocks)[:count]

    def characters(self, alphabet: str, count: int, salt: str = "") -> str:
        """So many characters of an alphabet, none when it is empty."""
        if not alphabet or count <= 0:
            return ""
        digits = "".join(self.hex(64, f"{salt} {n}") for n in range(count // 16 + 1))
        return "".join(alphabet[int(digits[4 * n : 4 * n + 4], 16) % len(alphabet)] for n in range(count))

    def render(self, template: str, salt: str = "") -> str:
        """A template of `patterns` with its fields filled in."""
        return template.format_map(_Fields(lambda name: self.field(name, salt)))

    def field(self, name: str, salt: str = "") -> str:
        """What a template field stands for.

        `hexN`/`HEXN` digits, `digits`, `byte`, `uuid`, the scope (`region account partition project project_number
        zone_id`), the type (`service kind`), `service_name` for an argument called `service`, PEM texts, `arn` and `id`
        of this very thing, else the argument of that name.
        """
        if name[:3].lower() == "hex" and name[3:].isdigit():
            digits = self.hex(int(name[3:]), salt)
            return digits.upper() if name[0] == "H" else digits
        if name in _COMPUTED_FIELDS:
            return _COMPUTED_FIELDS[name](self, salt)
        known = self.known(name)
        if isinstance(known, str):
            return known
        return self.text((name,)) if name in ("id", "arn", "bucket", "identifier") else f"offline-{self.hex(12, name)}"

    def text(self, path: Path) -> str:
        """A string for the attribute at `path`."""
        return self.render(self._template(path), "" if path in (("id",), ("arn",)) else ".".join(path))

    def _template(self, path: Path) -> str:
        name = path[-1]
        exact = patterns.TEXTS.get((self.type_name, ".".join(path)))
        if exact:
            return exact
        if path == ("id",):
            return self._id_template()
        if path == ("arn",):
            return self._arn_template()
        if name in patterns.NAMES:
            return patterns.NAMES[name]
        return next((text for pattern, text in patterns.PATTERNS if pattern.search(name)), "offline-{hex12}")

    def _id_template(self) -> str:
        if self.type_name in patterns.IDS:
            return patterns.IDS[self.type_name]
        prefix = patterns.ID_PREFIXES.get(self.type_name.removeprefix("aws_"))
        if prefix and self.type_name.startswith("aws_"):
            return f"{prefix}-{{hex17}}"
        named = next((name for name in ("bucket", "name", "identifier") if isinstance(self.known(name), str)), None)
        return f"{{{named}}}" if named else "{hex17}"

    def _arn_template(self) -> str:
        if self.type_name in patterns.ARNS:
            return f"arn:{{partition}}:{patterns.ARNS[self.type_name]}"
        short = self.type_name.removeprefix("aws_")
        if short in patterns.ID_PREFIXES:
            word = patterns.EC2_ARNS.get(short, short.replace("_", "-"))
            return f"arn:{{partition}}:ec2:{{region}}:{{account}}:{word}/{{id}}"
        return "arn:{partition}:{service}:{region}:{account}:{kind}/{id}"

    def _value(self, path: Path, kind: Any) -> Any:
        if isinstance(kind, str):
            return self._primitive(path, kind)
        if kind[0] == "object":
            return {name: self._value((*path, name), inner) for name, inner in kind[1].items()}
        if kind[0] in ("list", "set") and kind[1] in ("string",):
            return [self.text((*path[:-1], path[-1].removesuffix("s")))]
        if kind[0] in ("list", "set") and isinstance(kind[1], list) and kind[1][0] == "object":
            return [self._value(path, kind[1])]
        return {} if kind[0] == "map" else []

    def _primitive(self, path: Path, kind: str) -> Any:
        if kind == "string":
            return self.text(path)
        if kind == "number":
            return patterns.NUMBERS.get(path[-1], 0)
        return False if kind == "bool" else None


class _Fields(dict[str, str]):
    """Looks up template fields as they are asked for."""

    def __init__(self, get: Callable[[str], str]) -> None:
        super().__init__()
        self._get = get

    def __missing__(self, name: str) -> str:
        return self._get(name)


def _words(synthesizer: Synthesizer) -> list[str]:
    return synthesizer.type_name.split("_")


def _pem(synthesizer: Synthesizer, label: str, salt: str) -> str:
    body = base64.b64encode(bytes.fromhex(synthesizer.hex(64, f"{salt} pem"))).decode()
    return _PEM.format(label, body)


_COMPUTED_FIELDS: Mapping[str, Callable[[Synthesizer, str], str]] = {
    "account": lambda s, _: s.scope.account_id,
    "partition": lambda s, _: s.scope.partition,
    "region": lambda s, _: s.known("region") if isinstance(s.known("region"), str) else s.scope.region,
    "project": lambda s, _: s.known("project") if isinstance(s.known("project"), str) else s.scope.project,
    "project_number": lambda s, _: project_number(s.field("project")),
    "digits": lambda s, salt: str(10**18 + int(s.hex(15, f"{salt} digits"), 16)),
    "service_name": lambda s, _: str(s.known("service")),
    "zone_id": lambda s, _: patterns.zone_id(s.scope.region, 1),
    "service": lambda s, _: _words(s)[1] if len(_words(s)) > 1 else _words(s)[0],
    "kind": lambda s, _: "-".join(_words(s)[2:]) or _words(s)[-1],
    "uuid": lambda s, _: str(uuid.UUID(s.hex(32, "uuid"))),
    "byte": lambda s, salt: str(int(s.hex(2, salt), 16)),
    "pem": lambda s, salt: _pem(s, "CERTIFICATE", salt),
    "private_pem": lambda s, salt: _pem(s, "PRIVATE KEY", salt),
    "base64_pem": lambda s, salt: base64.b64encode(_pem(s, "CERTIFICATE", salt).encode()).decode(),
}


def _role_accounts(config: Mapping[str, Any]) -> list[str]:
    arn = _first_block(config.get("assume_role")).get("role_arn")
    return arn.split(":")[4:5] if isinstance(arn, str) else []


def _first_block(value: Any) -> Mapping[str, Any]:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}
