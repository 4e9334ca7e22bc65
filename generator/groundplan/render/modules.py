"""The modules that an environment uses, copied into it."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from pathlib import Path, PurePosixPath

from groundplan.environment.files import FileSet
from groundplan.render.context import Context

FOLDER = "modules"
_RELATIVE_LINK = re.compile(r"\[(?P<text>[^]]*)\]\((?P<target>\.\.?/[^)#]*)[^)]*\)")


def render_modules(context: Context) -> FileSet:
    """The files of every module that a root calls, and of those that these call."""
    files: dict[str, str] = {}
    for module in context.composition.modules:
        files |= _module_files(context.modules, module)
    _cut_links(files)
    return files


def _module_files(modules: Path, module: str) -> dict[str, str]:
    """A module with the files it reads, without its tests: those stay with the module's source."""
    folder = modules / module
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = [path.as_posix() for path in paths if not any(_stays_behind(part) for part in path.parts)]
    return {f"{FOLDER}/{module}/{name}": (folder / name).read_text(encoding="utf-8") for name in names}


def _stays_behind(part: str) -> bool:
    """Whether a part of a path belongs to tests, to Terraform's or an editor's own files, or to Python's cache."""
    return part in ("tests", "__pycache__") or part.startswith(".")


def _cut_links(files: dict[str, str]) -> None:
    """Turn links of module READMEs that lead out of the environment into plain text."""
    folders = {str(PurePosixPath(name).parent) for name in files}

    def cut(folder: PurePosixPath, link: re.Match[str]) -> str:
        target = posixpath.normpath(folder / link["target"])
        return link[0] if target in folders or target in files else link["text"]

    for name in [name for name in files if name.endswith("/README.md")]:
        folder = PurePosixPath(name).parent
        files[name] = _RELATIVE_LINK.sub(partial(cut, folder), files[name])
