"""Templates of Markdown pages: every value is written as text, unless a filter says what else it is."""

from __future__ import annotations

from groundplan.markdown import Markdown, code, fenced, link, text
from groundplan.render.jinja import TEMPLATES, environment


def page(name: str, **values: object) -> str:
    """The template of that name filled in.

    Its filters are `code`, `fenced` (a line of a fenced block), `link` (to a file) and, for our own words, `markdown`.
    """
    filters = {"code": code, "fenced": fenced, "markdown": Markdown, "link": lambda file: link(file, file)}
    return environment(TEMPLATES, filters=filters, finalize=text).get_template(name).render(**values)
