"""Secrets in what is shown of files: the name stays, the value does not.

A line is shown because something else is wrong with it as well, so what is masked is decided by how a line looks, and
not only by the finding: a literal under a name that holds secrets, a token of a known shape, a password in an address,
a quoted run of letters and digits that nobody can read.
"""

from __future__ import annotations

import re

MASK = "********"

_NAMES = r"passw(?:or)?d|passphrase|secret|token|api_?-?key|access_?-?key|private_?-?key|credential"
_ASSIGNED = rf"(?<![\w.-])(?P<name>[\"']?[\w.-]{{0,80}}?(?:{_NAMES})[\w.-]{{0,80}}[\"']?\s{{0,80}}(?::|=>?)\s{{0,80}})"
_QUOTED = r"\"(?!\$\{[^{}\"]*\}\")(?:[^\"\\]|\\.)+\"?|'[^']+'?"
_REFERENCE = r"[A-Za-z_][\w-]*(?:[.(\[])|(?:true|false|null)\b|-?\d+\s*(?:#|$)"
_NAMED = re.compile(rf"{_ASSIGNED}(?P<value>{_QUOTED})", re.IGNORECASE)
_NAMED_IN_FILE = re.compile(
    rf"{_ASSIGNED}(?P<value>{_QUOTED}|(?!{_REFERENCE})[^\s\"'\[\]{{}}(<|>#=][^\s\"',;]{{3,}}(?: [^\"',;#=]*)?)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{12,}|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\bxox[a-z]-[\w-]{8,}"
    r"|\b[sr]k[_-](?:live|test|proj)?[_-]?\w{16,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{8,}|\bhv[sb]\.[\w-]{16,}|\bnpm_\w{30,}"
    r"|\bSG\.[\w-]{12,}\.[\w-]{12,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|-----BEGIN [A-Z ]*PRIVATE KEY.*"
)
_IN_ADDRESS = re.compile(r"(?P<name>://[^/\s:@\"']{0,200}:)(?P<value>[^/\s@\"']{1,400})(?=@)")
_UNREADABLE = re.compile(r"(?<=[\"'])(?=[^\"']{0,200}\d)(?=[^\"']{0,200}[A-Za-z])[A-Za-z0-9+/=_-]{16,}(?=[\"'])")
_DEFAULT = re.compile(
    rf"(?P<name>\bvariable\s{{1,80}}\"[\w-]{{0,80}}?(?:{_NAMES})[\w-]{{0,80}}\"\s{{0,80}}\{{.{{0,400}}?default\s{{0,80}}=\s{{0,80}})"
    rf"(?P<value>{_QUOTED})",
    re.IGNORECASE,
)
_ANY = re.compile(rf"(?P<name>[=\[,:(]\s{{0,80}})(?P<value>{_QUOTED})")
_FIRST_WORD = re.compile(r"\s*[\"']?[a-z][a-z_-]{0,60}[\"']?\s*(?::|=)\s*")


def masked(text: str) -> str:
    """A message without the secrets in it that can be told."""
    return _IN_ADDRESS.sub(_hidden, _TOKEN.sub(MASK, _NAMED.sub(_hidden, text)))


def masked_source(text: str) -> str:
    """Lines of a file without the secrets in them that can be told."""
    return _UNREADABLE.sub(MASK, masked(_NAMED_IN_FILE.sub(_hidden, _DEFAULT.sub(_hidden, text))))


def masked_format(difference: str) -> str:
    """A difference that is about blanks, without any of the texts in it: what is a secret may stand lines away."""
    return masked_source(_ANY.sub(_hidden, difference))


def hidden_line(line: str) -> str:
    """A line that a finding calls a secret: the name that it begins with, if it does, and nothing of the value."""
    name = _FIRST_WORD.match(line)
    return f"{name[0] if name else line[: len(line) - len(line.lstrip())]}{MASK}"


def _hidden(match: re.Match[str]) -> str:
    value = match["value"]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{match['name']}{quote}{MASK}{quote}"
