"""What a spec says of notebooks: one setting."""

from typing import Annotated

from pydantic import StringConstraints

from groundplan.spec.base import Key, Model
from groundplan.spec.document import Lookup


class Notebooks(Model):
    """Servers of notebooks."""

    image: Annotated[str, StringConstraints(pattern=r"^jupyter:\d+$")]
    """Image of the servers, such as jupyter:4."""


KEYS = (Key("notebooks", Notebooks, "Where people try things.", asks=True),)

PATTERNS = {r"^jupyter:\d+$": "write an image such as jupyter:4"}


def wants_cluster(at: Lookup) -> bool:
    """They run on the cluster."""
    return at.has("notebooks")


def system_memory_gib(at: Lookup) -> int:
    """6 GiB on either node."""
    return 6 if at.has("notebooks") else 0
