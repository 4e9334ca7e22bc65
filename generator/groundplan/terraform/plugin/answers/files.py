"""The providers local, archive, http, external, cloudinit, template and null: what they do on the machine is not done.

Nothing is run, fetched or written. Files are read by `ask.scope.files`, which holds them to the folder that is planned.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import PurePosixPath
from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.synthetic import Synthesizer

_ADDRESS_SERVICE = re.compile(r"icanhazip|checkip|ipify|ifconfig|ipinfo|ident\.me|ipecho|myip|whatismyip|my-ip")
"""Services that tell a caller the address it calls from."""
_HOST = re.compile(r"https?://(?:[^/@]*@)?([\w.-]{1,253})")
"""The part of a URL that may be shown: names and passwords may stand before it, tokens behind it."""
_DOCUMENTATION_ADDRESS = "203.0.113.1"
"""https://datatracker.ietf.org/doc/html/rfc5737"""
_REFERENCE = re.compile(r"\$\$\{|\$\{\s*([A-Za-z_]\w*)\s*\}")
_BOUNDARY = "MIMEBOUNDARY"


@answers("data", "local_file", "local_sensitive_file")
def local_file(ask: Synthesizer) -> dict[str, Any]:
    """The content of a file that is in the folder; of any other, a note and no content."""
    data = ask.scope.files.read(str(ask.values["filename"]))
    if data is None:
        name = PurePosixPath(str(ask.values["filename"])).name
        detail = "It is no file of the folder that is checked: its content is taken for empty."
        ask.note(f"{ask.type_name}: {name} was not read", detail)
    return {**_hashed(data or b""), "content": (data or b"").decode("utf-8", "replace")}


@answers("resource", "local_file", "local_sensitive_file")
def written_file(ask: Synthesizer) -> dict[str, Any]:
    """The hashes of the content; nothing is written."""
    texts = (ask.known("content"), ask.known("sensitive_content"))
    text = next((text for text in texts if isinstance(text, str)), None)
    encoded = ask.known("content_base64")
    defaults = {"file_permission": ask.known("file_permission") or "0777"}
    defaults["directory_permission"] = ask.known("directory_permission") or "0777"
    if text is None and not isinstance(encoded, str):
        return defaults
    data = text.encode() if text is not None else base64.b64decode(encoded)
    hashes = {name: value for name, value in _hashed(data).items() if name != "content_base64"}
    return {**defaults, **hashes}


def _hashed(data: bytes) -> dict[str, Any]:
    sha256, sha512 = hashlib.sha256(data), hashlib.sha512(data)
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return {
        "id": sha1,
        "content_base64": base64.b64encode(data).decode(),
        "content_md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "content_sha1": sha1,
        "content_sha256": sha256.hexdigest(),
        "content_base64sha256": base64.b64encode(sha256.digest()).decode(),
        "content_sha512": sha512.hexdigest(),
        "content_base64sha512": base64.b64encode(sha512.digest()).decode(),
    }


@answers("data", "archive_file")
@answers("resource", "archive_file")
def archive_file(ask: Synthesizer) -> dict[str, Any]:
    """Hashes of an archive that is not made: of the right form, and the same for the same arguments."""
    sha256, sha512 = ask.octets(32), ask.octets(64)
    sha1 = ask.hex(40)
    return {
        "id": sha1,
        "output_sha": sha1,
        "output_md5": ask.hex(32),
        "output_sha256": sha256.hex(),
        "output_base64sha256": base64.b64encode(sha256).decode(),
        "output_sha512": sha512.hex(),
        "output_base64sha512": base64.b64encode(sha512).decode(),
        "output_size": 1024,
    }


@answers("data", "http")
def http(ask: Synthesizer) -> dict[str, Any]:
    """An empty JSON object, or an address of documentation where the caller's own is asked for."""
    url = str(ask.values["url"])
    host = _HOST.match(url)
    body = f"{_DOCUMENTATION_ADDRESS}\n" if _ADDRESS_SERVICE.search(url) else "{}"
    ask.note(
        f"http: {host[1] if host else 'it'} was not fetched",
        f"Nothing is fetched offline: its answer is taken for {body.strip()}.",
    )
    return {
        "id": url,
        "body": body,
        "response_body": body,
        "response_body_base64": base64.b64encode(body.encode()).decode(),
        "response_headers": {},
        "status_code": 200,
    }


@answers("data", "external", "local_command")
def program(ask: Synthesizer) -> dict[str, Any]:
    """Nothing: what a program would say cannot be made up."""
    words = ask.known("program") or [ask.known("command")]
    detail = "Nothing is run offline, and its result is not known: make it a variable that --var-file gives."
    ask.refuse(f"{ask.type_name}: {next(iter(words), '')} was not run", detail)
    return {}


@answers("ephemeral", "local_command")
def local_command(_ask: Synthesizer) -> dict[str, Any]:
    """The output of a command that is not run: none."""
    return {"exit_code": 0, "stdout": "", "stderr": ""}


@answers("data", "cloudinit_config", "template_cloudinit_config")
@answers("resource", "cloudinit_config", "template_cloudinit_config")
def cloudinit_config(ask: Synthesizer) -> dict[str, Any]:
    """The parts as one message, packed and encoded as asked for, both by default."""
    boundary = ask.known("boundary") or _BOUNDARY
    parts = (_part(part, boundary) for part in ask.known("part") or ())
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\nMIME-Version: 1.0\r\n\r\n'
    data = f"{head}{''.join(parts)}--{boundary}--\r\n".encode()
    packed, encoded = ask.known("gzip") is not False, ask.known("base64_encode") is not False
    data = gzip.compress(data, mtime=0) if packed else data
    rendered = base64.b64encode(data).decode() if encoded else data.decode("utf-8", "replace")
    return {
        "id": hashlib.sha256(data).hexdigest()[:10],
        "rendered": rendered,
        "boundary": boundary,
        "gzip": packed,
        "base64_encode": encoded,
    }


def _part(part: dict[str, Any], boundary: str) -> str:
    headers = {
        "Content-Disposition": f'attachment; filename="{part["filename"]}"' if part.get("filename") else None,
        "Content-Transfer-Encoding": "7bit",
        "Content-Type": part.get("content_type") or "text/plain",
        "Mime-Version": "1.0",
        "X-Merge-Type": part.get("merge_type"),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"--{boundary}\r\n{lines}\r\n{part.get('content') or ''}\r\n"


@answers("data", "template_file")
@answers("resource", "template_file")
def template_file(ask: Synthesizer) -> dict[str, Any]:
    """The template with its variables in it; directives and functions stay as they are."""
    values, text = ask.known("vars") or {}, str(ask.known("template") or "")
    known = {name: value for name, value in values.items() if isinstance(value, str)}
    rendered = _REFERENCE.sub(lambda found: known.get(found[1], found[0]) if found[1] else "${", text)
    return {"id": hashlib.sha256(rendered.encode()).hexdigest(), "rendered": rendered}


@answers("data", "null_data_source")
def null_data_source(ask: Synthesizer) -> dict[str, Any]:
    """What goes in."""
    computed = ask.known("has_computed_default") or "default"
    return {
        "id": "static",
        "outputs": ask.known("inputs") or {},
        "has_computed_default": computed,
        "random": ask.hex(16),
    }
