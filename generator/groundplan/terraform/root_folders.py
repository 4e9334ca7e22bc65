"""Which folders of an environment are roots."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT_NAME = re.compile(r"\d\d-.+")


def find_roots(folder: Path) -> tuple[str, ...]:
    """The roots of a rendered environment, in order of their names; `(".",)` for a folder that is one root itself."""
    numbered = sorted(path.name for path in folder.iterdir() if _ROOT_NAME.fullmatch(path.name) and is_module(path))
    return tuple(numbered) or ((".",) if is_module(folder) else ())


def is_module(folder: Path) -> bool:
    """Whether it is a folder with Terraform files in it."""
    return folder.is_dir() and any(path.name.endswith((".tf", ".tf.json")) for path in folder.iterdir())
