"""Who can do what, as text, JSON and Markdown."""

from groundplan.views.access.json import as_json
from groundplan.views.access.markdown import markdown
from groundplan.views.access.text import text

__all__ = ["as_json", "markdown", "text"]
