"""A check's report for people, for programs and for pull requests."""

from groundplan.views.check.json import several_to_json, to_json
from groundplan.views.check.junit import junit
from groundplan.views.check.markdown import markdown
from groundplan.views.check.sarif import sarif
from groundplan.views.check.text import findings, text

__all__ = ["findings", "junit", "markdown", "sarif", "several_to_json", "text", "to_json"]
