"""The blueprints that groundplan ships."""

from __future__ import annotations

import re

from groundplan import paths


def blueprints() -> list[str]:
    """Their names, sorted."""
    return sorted(path.parent.name for path in paths.BLUEPRINTS.glob("*/blueprint.yaml"))


def text_of(blueprint: str) -> str:
    """The spec of a blueprint as it is shipped."""
    return (paths.BLUEPRINTS / blueprint / "blueprint.yaml").read_text(encoding="utf-8")


def fill_in(text: str, *, name: str, cloud: str) -> str:
    """A blueprint with its own name and cloud; both stand on lines of their own in every blueprint."""
    text = re.sub(r"\A# yaml-language-server:.*\n", "", text)
    text = re.sub(r"^name:.*$", lambda _: f"name: {name}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^cloud:.*$", lambda _: f"cloud: {cloud}", text, count=1, flags=re.MULTILINE)
