"""From a composition to files: `{relative path: text}`, the same for the same input, whatever machine or clock."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.environment.files import LOCK_FILE, SPEC_FILE, FileSet
from groundplan.render.context import Context, Producer
from groundplan.render.cost_page import render_cost_page
from groundplan.render.lock import render_lock
from groundplan.render.modules import render_modules
from groundplan.render.readme import render_readme
from groundplan.render.roots import render_roots
from groundplan.render.workloads import render_workloads

PRODUCERS: Sequence[Producer] = (render_roots, render_modules, render_workloads, render_readme, render_cost_page)
"""What an environment is made of. A further producer is a line here; all files but the copy of the spec are locked."""


def render(context: Context, producers: Sequence[Producer] = PRODUCERS) -> FileSet:
    """Every file of the environment, sorted by path. Raises ValueError for a path that two producers make."""
    files: dict[str, str] = {}
    for producer in producers:
        _add(files, producer(context))
    lock = render_lock(context, files)
    _add(files, {LOCK_FILE: lock})
    if context.source.copy:
        _add(files, {SPEC_FILE: context.source.files[SPEC_FILE]})
    return dict(sorted(files.items()))


def _add(files: dict[str, str], produced: FileSet) -> None:
    if twice := sorted(files.keys() & produced.keys()):
        raise ValueError(f"rendered twice: {', '.join(twice)}")
    files |= produced
