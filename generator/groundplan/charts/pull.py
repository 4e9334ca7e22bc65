"""Fetching the archive of a chart from the repository that a release names: HTTP with an index, or an OCI registry.

HTTP repositories: https://helm.sh/docs/topics/chart_repository/; charts in OCI registries: https://helm.sh/docs/topics/registries/
and https://github.com/opencontainers/distribution-spec/blob/main/spec.md; their tokens:
https://distribution.github.io/distribution/spec/auth/token/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import yaml

from groundplan.charts.cache import ARCHIVE_BYTES, sha256
from groundplan.charts.http import UNREADABLE, Client, RefusedError, is_loopback
from groundplan.charts.releases import ChartName
from groundplan.reading import MIB, MalformedJSONError, parse_json

_INDEX_BYTES = 64 * MIB
"""That of the largest public repositories has 20 MiB."""
_MANIFEST_BYTES = MIB
_TOKEN_BYTES = MIB
_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_MANIFESTS = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
_HEX = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_CHALLENGE = re.compile(r'([a-z]+)="([^"]*)"')
_PARTS_OF_REPOSITORY = re.compile(r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*")


class DigestError(Exception):
    """The archive is not the one that the repository itself names."""


def pull(name: ChartName, client: Client) -> bytes:
    """The archive. Raises RefusedError where there is none, and DigestError."""
    try:
        asking = replace(client, loopback=is_loopback(name.repository))
        data, digest = (_from_registry if name.repository.startswith("oci://") else _from_index)(name, asking)
    except ValueError:  # of what takes addresses apart
        raise RefusedError(UNREADABLE) from None
    if digest and sha256(data) != digest:
        raise DigestError(f"its repository says sha256:{digest}, the archive has sha256:{sha256(data)}")
    return data


def _from_index(name: ChartName, client: Client) -> tuple[bytes, str]:
    base = f"{name.repository}/"
    entry = _entry(name, client.get(urljoin(base, "index.yaml"), limit_bytes=_INDEX_BYTES))
    urls = entry.get("urls")
    url = urls[0] if isinstance(urls, list) and urls and isinstance(urls[0], str) else ""
    if not url:
        raise RefusedError(f"its index has no address for {name}")
    digest = _digest(entry.get("digest"))
    return client.get(urljoin(base, url), limit_bytes=ARCHIVE_BYTES), digest


def _digest(said: object) -> str:
    """The digest that an index says, in one spelling; empty where it says none."""
    if not said:
        return ""
    found = _HEX.fullmatch(said.lower()) if isinstance(said, str) else None
    if found is None:
        raise RefusedError("its index has a digest that is no SHA-256")
    return found[1]


def _entry(name: ChartName, index: bytes) -> Mapping[str, Any]:
    """What the index says of one version."""
    try:
        read = yaml.load(_part(index, name.chart), yaml.CBaseLoader)  # texts alone: no merges, which grow
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        raise RefusedError("its index is not YAML") from None
    entries = read.get("entries") if isinstance(read, dict) else None
    versions = entries.get(name.chart) if isinstance(entries, dict) else None
    if not isinstance(versions, list):
        raise RefusedError(f"its index has no chart {name.chart}")
    wanted = name.version.removeprefix("v")
    for one in versions:
        version = one.get("version") if isinstance(one, dict) else None
        if isinstance(version, str) and version.removeprefix("v") == wanted:
            return dict(one)
    raise RefusedError(f"its index has no version {name.version} of {name.chart}")


def _part(index: bytes, chart: str) -> str:
    """The entry of one chart in an index as Helm writes it; the whole of any other."""
    text = index.decode("utf-8")
    found = re.search(rf"^  {re.escape(chart)}:\n(?:  [- ].*\n|\n)+", text, re.MULTILINE)
    return f"entries:\n{found[0]}" if found and text.count("\nentries:\n") == 1 else text


def _from_registry(name: ChartName, client: Client) -> tuple[bytes, str]:
    authority, _, path = name.repository.removeprefix("oci://").partition("/")
    path = f"{path}/{name.chart}".lstrip("/")
    if not _PARTS_OF_REPOSITORY.fullmatch(path):
        raise RefusedError("its address is none of a registry")
    scheme = "http" if client.loopback else "https"
    registry = _Registry(client, f"{scheme}://{authority}/v2/{path}")
    tag = quote(name.version.replace("+", "_"), safe="")
    manifest = _object(registry.get(f"manifests/{tag}", _MANIFEST_BYTES, {"Accept": _MANIFESTS}))
    layers = manifest.get("layers")
    found = [one for one in layers if isinstance(one, dict)] if isinstance(layers, list) else []
    digests = [_HEX.fullmatch(str(one.get("digest"))) for one in found if one.get("mediaType") == _LAYER]
    if len(digests) != 1 or digests[0] is None:
        raise RefusedError(f"{name} is no chart there")
    digest = digests[0][1]
    return registry.get(f"blobs/sha256:{digest}", ARCHIVE_BYTES, {}), digest


class _Registry:
    """One repository of a registry; takes the token that it gives anybody when it asks for one."""

    def __init__(self, client: Client, url: str) -> None:
        self._client, self._url = client, url
        self._token = ""

    def get(self, path: str, limit_bytes: int, headers: Mapping[str, str]) -> bytes:
        try:
            return self._get(path, limit_bytes, headers)
        except RefusedError as error:
            challenge = error.headers.get("www-authenticate", "")
            if error.status != 401 or self._token or not challenge.lower().startswith("bearer "):
                raise
            self._token = self._anonymous(dict(_CHALLENGE.findall(challenge)))
        return self._get(path, limit_bytes, headers)

    def _get(self, path: str, limit_bytes: int, headers: Mapping[str, str]) -> bytes:
        token = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return self._client.get(f"{self._url}/{path}", limit_bytes=limit_bytes, headers={**headers, **token})

    def _anonymous(self, challenge: Mapping[str, str]) -> str:
        asked = {name: challenge[name] for name in ("service", "scope") if name in challenge}
        url = f"{challenge.get('realm', '')}?{urlencode(asked)}"
        answer = _object(self._client.get(url, limit_bytes=_TOKEN_BYTES))
        token = answer.get("token") or answer.get("access_token")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,16384}", token):
            raise RefusedError("it gives no token to who has no account")
        return token


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        read = parse_json(data.decode("utf-8"))
    except (UnicodeDecodeError, MalformedJSONError):
        read = None
    if not isinstance(read, dict):
        raise RefusedError("its answer is not what a registry answers")
    return read
