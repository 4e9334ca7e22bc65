"""Values for what only a cloud would know: made up, well formed, and the same for the same input."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from groundplan.terraform.archive import Schema

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the provider block says about where things would be."""

    region: str = "us-east-1"
    account_id: str = "123456789012"
    project: str = "offline-project"
    default_tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_provider(cls, name: str, config: dict[str, Any]) -> Scope:
        """The scope a provider configuration describes; what it leaves open keeps its default."""
        found: dict[str, Any] = {}
        for key in ("region", "project"):
            if isinstance(config.get(key), str):
                found[key] = config[key]
        accounts = config.get("allowed_account_ids")
        if name == "aws" and isinstance(accounts, list) and accounts and isinstance(accounts[0], str):
            found["account_id"] = accounts[0]
        tags = config.get("default_tags")
        if isinstance(tags, list) and tags and isinstance(tags[0], dict) and isinstance(tags[0].get("tags"), dict):
            found["default_tags"] = tags[0]["tags"]
        return cls(**found)


def merged_tags(scope: Scope, block: Schema, proposed: dict[str, Any], prior: dict[str, Any] | None) -> None:
    """Sets `tags_all` to the default tags and the resource's own, as the AWS provider does while planning."""
    if "tags_all" not in block.get("attributes", {}):
        return
    tags = proposed.get("tags")
    if tags is None or isinstance(tags, dict):
        merged = {**scope.default_tags, **(tags or {})}
        if prior is None or merged != prior.get("tags_all"):
            proposed["tags_all"] = merged


class Synthesizer:
    """Makes values for one resource, data source or ephemeral resource."""

    def __init__(self, scope: Scope, type_name: str, values: dict[str, Any], seed: str) -> None:
        self.scope = scope
        self.type_name = type_name
        self.values = values
        self._digest = hashlib.sha256(seed.encode()).hexdigest()

    def hex(self, length: int, *salt: str) -> str:
        """Hexadecimal digits that depend on the seed and the salt."""
        return hashlib.sha256(f"{self._digest} {salt}".encode()).hexdigest()[:length]

    def base64(self, text: str) -> str:
        """The text in base64."""
        return base64.b64encode(text.encode()).decode()

    def make(self, path: Path, kind: Any) -> Any:
        """A value of type `kind` for the attribute at `path`."""
        if isinstance(kind, list):
            if kind[0] == "object":
                return {name: self.make((*path, name), inner) for name, inner in kind[1].items()}
            if kind[0] in ("list", "set") and isinstance(kind[1], list):
                return [self.make(path, kind[1])]
            return {} if kind[0] == "map" else []
        if kind == "string":
            return self.text(path)
        return {"number": 0, "bool": False}.get(kind)

    def text(self, path: Path) -> str:
        """A string for the attribute at `path`."""
        name = path[-1]
        if name == "arn":
            return f"arn:aws:x:{self.scope.region}:{self.scope.account_id}:{self.type_name}/{self.hex(17)}"
        return f"offline-{self.hex(12, *path)}"
