"""What a plan changes a month, as text, JSON and Markdown."""

from groundplan.views.plan_change.json import as_json
from groundplan.views.plan_change.markdown import markdown
from groundplan.views.plan_change.text import text

__all__ = ["as_json", "markdown", "text"]
