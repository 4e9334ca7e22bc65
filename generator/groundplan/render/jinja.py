"""How templates are filled in: what has no value is an error, and tags on lines of their own leave none behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).parent / "templates"


def environment(
    *folders: Path, filters: Mapping[str, Any], finalize: Callable[[Any], Any] | None = None
) -> jinja2.Environment:
    """The templates in `folders`, the first that has one of a name; `finalize` turns every value into text."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        finalize=finalize,
    )
    made.filters |= filters
    return made
