"""An estimate as text and as JSON."""

from groundplan.views.cost.json import as_json, plan_json
from groundplan.views.cost.text import plan_text, summary, text
from groundplan.views.cost.words import dates

__all__ = ["as_json", "dates", "plan_json", "plan_text", "summary", "text"]
