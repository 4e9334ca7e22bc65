"""A preflight in every format: what was found, and the request for the account's administrator."""

from groundplan.views.preflight.json import as_json
from groundplan.views.preflight.markdown import markdown
from groundplan.views.preflight.text import text

__all__ = ["as_json", "markdown", "text"]
