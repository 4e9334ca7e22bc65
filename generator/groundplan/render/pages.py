"""Templates of Markdown pages: every value is written as text, unless a filter says what else it is."""

from __future__ import annotations

from pathlib import Path

import jinja2

from groundplan.markdown import Markdown, code, fenced, link, text

TEMPLATES = Path(__file__).parent / "templates"


def page(name: str, **values: object) -> str:
    """The template of that name filled in.

    Its filters are `code`, `fenced` (a line of a fenced block), `link` (to a file) and, for our own words, `markdown`.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=text,
    )
    environment.filters |= {"code": code, "fenced": fenced, "markdown": Markdown, "link": lambda file: link(file, file)}
    return environment.get_template(name).render(**values)
