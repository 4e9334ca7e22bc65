"""An estimate as text and as JSON."""

from groundplan.views.cost.content import dates
from groundplan.views.cost.json import as_json, plan_json
from groundplan.views.cost.text import plan_text, summary, text

__all__ = ["as_json", "dates", "plan_json", "plan_text", "summary", "text"]
