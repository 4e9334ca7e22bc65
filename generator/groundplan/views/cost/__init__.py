"""An estimate as text, JSON and Markdown."""

from groundplan.views.cost.content import dates
from groundplan.views.cost.json import as_json, plan_json
from groundplan.views.cost.markdown import markdown, plan_markdown
from groundplan.views.cost.proof import proof_json, proof_markdown, proof_text
from groundplan.views.cost.text import plan_text, summary, text

__all__ = [
    "as_json",
    "dates",
    "markdown",
    "plan_json",
    "plan_markdown",
    "plan_text",
    "proof_json",
    "proof_markdown",
    "proof_text",
    "summary",
    "text",
]
