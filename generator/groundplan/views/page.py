"""What every page of HTML has: it asks nothing of any network, and nothing in it is taken for markup."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from groundplan.escaping import for_html

STYLE = (files("groundplan.views") / "page.css").read_text(encoding="utf-8")
"""The style that all pages begin with."""


def safe(value: Any) -> Any:
    """A value of a template as text of HTML, unless it is HTML of ours."""
    return Markup(for_html(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The content security policy (https://www.w3.org/TR/CSP3/): what is in the page, by hash; no request at all."""
    allowed = {"script-src": scripts, "style-src": styles}
    parts = [f"{name} {' '.join(map(_digest, texts))}" for name, texts in allowed.items() if texts]
    return "; ".join(["default-src 'none'", *parts, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
