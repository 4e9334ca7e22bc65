"""The spec as an environment keeps it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.environment.files import SPEC_FILE
from groundplan.render.context import SpecSource
from groundplan.spec.document import Document, dotted
from groundplan.spec.flatten import flatten
from groundplan.spec.load import load


def source_in(document: Document, path: Path, folder: Path, *, retargeted: bool) -> SpecSource:
    """The spec as the environment in `folder` sees it: its own file there, or a copy with all bases merged in.

    Raises GP403 where a copy that is put at another target would stand beside the spec itself.
    """
    own = os.path.realpath(path.parent) == os.path.realpath(folder)
    if own and retargeted:
        message, hint = f"{folder} is the environment of the spec itself", "give another folder with -o"
        raise DiagnosticsError([Diagnostic("GP403", message, hint=hint)])
    if own:
        own_first = dict.fromkeys((document.file, *document.sources))
        names = {name: _relative(Path(name), folder) for name in own_first}
        files = {relative: document.sources[name] for name, relative in names.items()}
        return SpecSource(files, _places(document, names), copy=False)
    text = document.sources[document.file] if len(document.sources) == 1 and not retargeted else flatten(document)
    copied = load(Path(SPEC_FILE), read=lambda _: text.encode())
    return SpecSource({SPEC_FILE: text}, _places(copied, {SPEC_FILE: SPEC_FILE}), copy=True)


def _relative(file: Path, folder: Path) -> str:
    """The file as the folder sees it, without the links that lead to either; a file that is a link stays one."""
    real = Path(os.path.realpath(file.parent)) / file.name
    return Path(os.path.relpath(real, os.path.realpath(folder))).as_posix()


def _places(document: Document, names: dict[str, str]) -> dict[str, Place]:
    return {dotted(path): replace(entry.key, file=names[entry.key.file]) for path, entry in document.places.items()}
