"""A parity report as text, Markdown and JSON."""

from groundplan.views.parity.json import as_json
from groundplan.views.parity.markdown import markdown
from groundplan.views.parity.text import text
from groundplan.views.parity.words import diagnostics

__all__ = ["as_json", "diagnostics", "markdown", "text"]
