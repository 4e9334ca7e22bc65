"""The one place that makes untrusted text harmless where it is shown: terminals, CI logs, Markdown, CSV, HTML.

`for_text`, `for_markdown`, `for_csv` and `for_html` turn a value into one line of their format. `terminal` and
`for_json` take a whole output and are the last wall before it is written: they change nothing in what the views make of
values escaped so.

What CI systems act on, in any line of a log, also behind blanks:

- `::name …::` at the start of a line, and `##[name]` anywhere in it
  (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs)
- `##vso[…]` anywhere (https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands)
- `##teamcity[…]` anywhere (https://www.jetbrains.com/help/teamcity/service-messages.html)
- `section_start:…` (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections), `travis_fold:…`
"""

from __future__ import annotations

import html
import re
from decimal import Decimal
from urllib.parse import quote

REPLACEMENT = "\ufffd"
"""Stands for a character that is not shown."""

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Zero width, direction of what follows, line and paragraph separators, fillers, tags, no characters at all
(Default_Ignorable_Code_Point of Unicode, https://www.unicode.org/reports/tr44/, without the selectors of emoji)."""
_CONTROL = "\x00-\x1f\x7f-\x9f"
_SURROGATES = "\ud800-\udfff"
_SELECTORS = "[\ufe00-\ufe0f]*"
"""Selectors of emoji, which comparisons of some CI systems do not see."""

_LINE_BREAK = re.compile("\r\n|[\n\x0b\x0c\r\x85\u2028\u2029]")
_HIDDEN = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_SURROGATE = re.compile(f"[{_SURROGATES}]")
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_COLOR = "\x1b\\[[0-9;]*m"
_PLAIN = re.compile(f"(?P<kept>\n|(?<=@)\u2060)|[{_CONTROL}{_INVISIBLE}]")
_COLORED = re.compile(f"(?P<kept>\n|(?<=@)\u2060|{_COLOR})|[{_CONTROL}{_INVISIBLE}]")
_IN_JSON = re.compile(f"[\x7f-\x9f{_INVISIBLE}{_SURROGATES}]")

_COMMAND = re.compile(
    rf"(?P<hashes>\#{_SELECTORS})(?=\#{_SELECTORS}[\w.-]*\[)|(?P<fold>(?:section_(?:start|end)|travis_fold)(?=:))",
    re.IGNORECASE,
)
_LINE_COMMAND = re.compile(rf"^((?:[^\S\n]|\ufe0f|{_COLOR})*)(?=:{_SELECTORS}:.*:{_SELECTORS}:)", re.MULTILINE)

_MARKUP = re.compile(r"[\\`*\[\]|~#$]|(?<![^\W_])_|_(?![^\W_])")
"""Signs that mark something up anywhere; an underscore does so at the edge of a word only."""
_MENTION = re.compile(r"(?<!\w)@")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_FORMULA = re.compile(r"(^|;)(\s*)(?=[-=+@\uff1d\uff0b\uff0d\uff20\u2212])")


def for_text(value: object) -> str:
    """`value` as one line of plain text: no line break, nothing hidden, no command of a CI system."""
    return _inert(_visible(_LINE_BREAK.sub(r"\\n", str(value)).replace("\t", r"\t")))


def lines_for_text(value: object) -> list[str]:
    """`value` as lines of plain text; none for an empty one."""
    return [for_text(line.replace("\t", " ")) for line in str(value).splitlines()]


def for_source(line: str) -> str:
    """A line of a file, its characters in the columns where they stand; a tab is one blank."""
    return _inert(_SURROGATE.sub(REPLACEMENT, _HIDDEN.sub(REPLACEMENT, line.replace("\t", " "))))


def for_line(value: object) -> str:
    """`value` as one line in which every run of blanks is one space, for formats that do not show them."""
    return _inert(_visible(" ".join(str(value).split())))


def for_markdown(value: object) -> str:
    """`value` as text of Markdown: one line, no markup, nobody mentioned by an @."""
    return markup(for_line(value))


def markup(line: str) -> str:
    """A part of what `for_line` gives, as text of Markdown."""
    return _MENTION.sub("@\u2060", _MARKUP.sub(r"\\\g<0>", html.escape(line, quote=False)))


def for_csv(value: object) -> object:
    """`value` as a cell that no spreadsheet takes for a formula; numbers stay numbers.

    A spreadsheet may split cells at semicolons as well (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    if isinstance(value, int | float | Decimal) or _NUMBER.fullmatch(str(value)):
        return value
    text = _LINE_BREAK.sub(" ", str(value)).replace("\t", " ")
    return _FORMULA.sub(r"\1\2'", _inert(_visible(text)))


def for_html(value: object) -> str:
    """`value` as text of HTML, also within an attribute."""
    return html.escape(for_line(value)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def for_xml(value: object) -> str:
    """`value` as text of XML, before its own signs are escaped; line breaks stay."""
    return "\n".join(lines_for_text(value))


def for_uri(path: str) -> str:
    """A path as a reference of a URI: a byte that is no character stays that byte."""
    return quote(_NO_BYTE.sub(REPLACEMENT, path).encode("utf-8", errors="surrogateescape"))


def for_json(document: str) -> str:
    """A JSON document with the same values, in which nothing is hidden and nothing is a command to a CI."""
    escaped = _IN_JSON.sub(lambda match: _utf16(match[0]), document)
    return _COMMAND.sub(lambda match: f"\\u{ord(match[0][0]):04x}{match[0][1:]}", escaped)


def terminal(text: str, *, color: bool) -> str:
    """A whole output before it is written; with `color`, codes that change the colour stay."""
    shown = _SURROGATE.sub(_named, text.replace("\t", " "))
    shown = (_COLORED if color else _PLAIN).sub(lambda match: match["kept"] or REPLACEMENT, shown)
    return _inert(shown)


def _visible(text: str) -> str:
    return _SURROGATE.sub(_named, _HIDDEN.sub(REPLACEMENT, text))


def _named(match: re.Match[str]) -> str:
    """A byte that is no character, as in a file name of another encoding."""
    return f"\\u{ord(match[0]):04x}"


def _inert(text: str) -> str:
    """The same without a command to a CI: a backslash stands in each."""
    return _LINE_COMMAND.sub(r"\1\\", _COMMAND.sub(r"\g<0>\\", text))


def _utf16(character: str) -> str:
    units = character.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
