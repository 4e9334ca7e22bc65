"""The providers random, tls and time: what they compute does not need a cloud, only to be the same every time."""

from __future__ import annotations

import base64
import datetime
import string
from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.synthetic import Synthesizer

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The special characters of `random_password`, from the provider's documentation."""
_EPOCH = "2026-01-01T00:00:00Z"


@answers("resource", "random_password", "random_string")
@answers("ephemeral", "random_password")
def random_text(ask: Synthesizer) -> dict[str, Any]:
    """A text of the asked length from the asked kinds of characters, with the asked least numbers of each."""
    special = ask.known("override_special") or _SPECIAL
    kinds = {
        "upper": string.ascii_uppercase,
        "lower": string.ascii_lowercase,
        "numeric": string.digits,
        "special": special,
    }
    switches = {kind: ask.known(kind) is not False for kind in kinds}
    least = {f"min_{kind}": int(ask.known(f"min_{kind}") or 0) for kind in kinds}
    required = "".join(ask.characters(kinds[kind], least[f"min_{kind}"], kind) for kind in kinds)
    alphabet = "".join(characters for kind, characters in kinds.items() if switches[kind])
    result = required + ask.characters(alphabet, int(ask.values["length"]) - len(required))
    return {
        **switches,
        **least,
        "number": switches["numeric"],
        "result": result,
        "id": "none" if ask.type_name == "random_password" else result,
        "bcrypt_hash": f"$2a$10${ask.characters(string.ascii_letters, 53)}",
    }


@answers("resource", "random_id")
def random_id(ask: Synthesizer) -> dict[str, Any]:
    """Random bytes in four notations."""
    raw = ask.octets(int(ask.values["byte_length"]))
    prefix = ask.known("prefix") or ""
    encoded = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return {
        "id": encoded,
        "b64_url": prefix + encoded,
        "b64_std": prefix + base64.b64encode(raw).decode(),
        "hex": prefix + raw.hex(),
        "dec": prefix + str(int.from_bytes(raw)),
    }


@answers("resource", "random_bytes")
def random_bytes(ask: Synthesizer) -> dict[str, Any]:
    """Random bytes in two notations."""
    raw = ask.octets(int(ask.values["length"]))
    return {"base64": base64.b64encode(raw).decode(), "hex": raw.hex()}


@answers("resource", "random_integer")
def random_integer(ask: Synthesizer) -> dict[str, Any]:
    """A number in the range."""
    low, high = int(ask.values["min"]), int(ask.values["max"])
    result = low + int(ask.hex(15), 16) % (high - low + 1)
    return {"result": result, "id": str(result)}


@answers("resource", "random_shuffle")
def random_shuffle(ask: Synthesizer) -> dict[str, Any]:
    """The input in another order, as many as asked for."""
    items = ask.values["input"]
    start = int(ask.hex(8), 16) % len(items) if items else 0
    turned = items[start:] + items[:start]
    wanted = int(ask.known("result_count") or len(turned))
    return {"result": (turned * (wanted // len(turned) + 1))[:wanted] if turned else [], "id": "-"}


@answers("resource", "random_pet")
def random_pet(ask: Synthesizer) -> dict[str, Any]:
    """Words of hexadecimal digits."""
    length, separator = int(ask.known("length") or 2), ask.known("separator") or "-"
    words = [ask.hex(5, str(number)) for number in range(length)]
    prefix = ask.known("prefix")
    return {"length": length, "separator": separator, "id": separator.join([prefix, *words] if prefix else words)}


@answers("resource", "random_uuid", "random_uuid4", "random_uuid7")
def random_uuid(ask: Synthesizer) -> dict[str, Any]:
    """A UUID that is both id and result."""
    found = ask.render("{uuid}")
    return {"id": found, "result": found}


@answers("resource", "time_static", "time_rotating", "time_offset")
def moment(ask: Synthesizer) -> dict[str, Any]:
    """The given time or the first of 2026, moved by the offset, in all its parts."""
    text = ask.known("base_rfc3339") or ask.known("rfc3339") or _EPOCH
    base = datetime.datetime.fromisoformat(text)
    units = ("days", "hours", "minutes", "seconds")
    offset = datetime.timedelta(**{unit: int(ask.known(f"offset_{unit}") or 0) for unit in units})
    rotation = datetime.timedelta(**{unit: int(ask.known(f"rotation_{unit}") or 0) for unit in units})
    shown = base + offset
    return {
        "id": _rfc3339(shown),
        "base_rfc3339": text,
        "rfc3339": _rfc3339(shown),
        "rotation_rfc3339": ask.known("rotation_rfc3339") or _rfc3339(base + rotation),
        "unix": int(shown.timestamp()),
        **{part: getattr(shown, part) for part in ("year", "month", "day", "hour", "minute", "second")},
    }


@answers("data", "tls_certificate")
def tls_certificate(ask: Synthesizer) -> dict[str, Any]:
    """A chain of one certificate."""
    return {"certificates": [_certificate(ask)]}


def _certificate(ask: Synthesizer) -> dict[str, Any]:
    return {
        "cert_pem": ask.render("{pem}"),
        "is_ca": True,
        "issuer": "CN=offline",
        "max_path_length": -1,
        "not_after": "2036-01-01T00:00:00Z",
        "not_before": _EPOCH,
        "public_key_algorithm": "RSA",
        "serial_number": str(int(ask.hex(16), 16)),
        "sha1_fingerprint": ask.hex(40),
        "signature_algorithm": "SHA256-RSA",
        "subject": "CN=offline",
        "version": 3,
    }


def _rfc3339(moment_: datetime.datetime) -> str:
    return moment_.isoformat().replace("+00:00", "Z")
