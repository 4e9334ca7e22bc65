"""Google's REST APIs as a session: Cloud Storage kept in memory, with generations, and answers by path for the rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass
class Answer:
    status_code: int
    content: bytes
    reason: str = "as told"

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    def json(self) -> Any:
        return json.loads(self.content)


def refused(status: int, message: str) -> Answer:
    return Answer(status, json.dumps({"error": {"message": message}}).encode())


@dataclass
class Session:
    """A bucket, what else is answered, and an error to raise instead."""

    bucket: str = "states"
    answers: dict[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    objects: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """By name, the key that an upload named."""
    removed: set[str] = field(default_factory=set)
    credentials: Any = field(default_factory=lambda: SimpleNamespace(valid=True, token="token"))
    listed: int = 0
    """Requests for a list."""
    _generation: int = 1_000

    def put(self, key: str, data: bytes) -> int:
        self._generation += 1
        self.objects.setdefault(key, []).append((self._generation, data))
        self.removed.discard(key)
        return self._generation

    def request(
        self, method: str, url: str, *, data: bytes | None, params: dict[str, str], headers: Any, timeout: float
    ) -> Answer:
        if self.error is not None:
            raise self.error
        path = urlsplit(url).path
        if path in self.answers:
            found = self.answers[path]
            return found if isinstance(found, Answer) else Answer(200, json.dumps(found).encode())
        top = f"/storage/v1/b/{self.bucket}"
        if path == top:
            return Answer(200, json.dumps({"name": self.bucket}).encode())
        if path == f"/upload{top}/o":
            return self._write(params["name"], data or b"", params)
        if path == f"{top}/o":
            return self._listed(params)
        if path.startswith(f"{top}/o/"):
            return self._one(method, unquote(path.removeprefix(f"{top}/o/")), params)
        return refused(404, "Not Found")

    def _write(self, key: str, data: bytes, params: dict[str, str]) -> Answer:
        if params.get("ifGenerationMatch") == "0" and key in self.objects and key not in self.removed:
            return refused(412, "conditionNotMet")
        if key_name := params.get("kmsKeyName"):
            self.keys[key] = key_name
        return Answer(200, json.dumps({"generation": str(self.put(key, data))}).encode())

    def _one(self, method: str, key: str, params: dict[str, str]) -> Answer:
        versions = self.objects.get(key, [])
        wanted = params.get("generation")
        there = [v for v in versions if wanted is None or str(v[0]) == wanted]
        if not there or (wanted is None and key in self.removed):
            return refused(404, f"No such object: {key}")
        generation, data = there[-1]
        if method == "DELETE":
            if params.get("ifGenerationMatch", str(generation)) != str(generation):
                return refused(412, "conditionNotMet")
            self.removed.add(key)
            return Answer(204, b"")
        if params.get("alt") == "media":
            return Answer(200, data)
        return Answer(200, json.dumps({"generation": str(generation)}).encode())

    def _listed(self, params: dict[str, str]) -> Answer:
        self.listed += 1
        items = []
        for key, versions in sorted(self.objects.items()):
            for generation, data in versions:
                live = key not in self.removed and generation == versions[-1][0]
                if key.startswith(params["prefix"]) and (live or params.get("versions")):
                    made = f"2026-11-30T06:{generation % 60:02}:00.000Z"
                    one = {"name": key, "generation": str(generation), "timeCreated": made, "size": str(len(data))}
                    items.append(one if live else {**one, "timeDeleted": made})
        first, size = int(params.get("pageToken", 0)), int(params.get("maxResults", 2))
        more = {"nextPageToken": str(first + size)} if first + size < len(items) else {}
        return Answer(200, json.dumps({"items": items[first : first + size], **more}).encode())
