"""What a change does in every format: text, JSON, Markdown and HTML."""

from groundplan.change.model import Change
from groundplan.views.change.json import as_json
from groundplan.views.change.markdown import markdown
from groundplan.views.change.text import short, text

__all__ = ["as_html", "as_json", "markdown", "short", "text"]


def as_html(change: Change) -> str:
    """One page; what makes it is imported when it is asked for."""
    from groundplan.views.change.html import page

    return page(change)
