"""Where the package keeps what it ships beside its code."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _data(name: str) -> Path:
    """The file or folder in an installed wheel, or in a checkout, where `generator/` is the source root."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.exists() else _PACKAGE.parents[1] / name


MODULES = _data("modules")
"""The Terraform modules."""

BLUEPRINTS = _data("blueprints")
"""The starting specs."""

CHANGELOG = _data("CHANGELOG.md")
"""What each release has changed."""
