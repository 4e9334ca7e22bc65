"""A parity report as text, Markdown and JSON."""

from groundplan.views.parity.content import diagnostics
from groundplan.views.parity.json import as_json
from groundplan.views.parity.markdown import markdown
from groundplan.views.parity.text import text

__all__ = ["as_json", "diagnostics", "markdown", "text"]
