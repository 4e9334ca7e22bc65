"""A comparison in every format: text, JSON, CSV and Markdown; the page, which takes a library, is in `html`."""

from groundplan.views.compare.csv import as_csv
from groundplan.views.compare.json import as_json
from groundplan.views.compare.markdown import markdown
from groundplan.views.compare.text import text

__all__ = ["as_csv", "as_json", "markdown", "text"]
