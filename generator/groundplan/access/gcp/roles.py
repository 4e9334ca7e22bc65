"""What roles permit: the environment's own, and of Google's those that modules give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from groundplan.access.given import of_type
from groundplan.access.model import Given
from groundplan.catalog.tables import filled, read_table
from groundplan.change.access.values import text, texts

_COLUMNS = ("role", "permissions", "as_of", "source")
_OWN = ("google_project_iam_custom_role", "google_organization_iam_custom_role")


def _row(role: str, permissions: str, as_of: str, source: str) -> tuple[str, tuple[str, ...]]:
    filled(as_of)
    filled(source)
    return filled(role), tuple(filled(permissions).split())


@cache
def predefined() -> Mapping[str, tuple[str, ...]]:
    """Permissions by role."""
    return dict(row for _, row in read_table(files("groundplan.access.gcp") / "roles.csv", _COLUMNS, _row))


def permissions(resources: Sequence[Given]) -> Mapping[str, tuple[str, ...]]:
    """Permissions by every name of every role whose contents are known."""
    found = dict(predefined())
    for one in of_type(resources, *_OWN):
        names = {text(one.values, "name"), text(one.values, "id")}
        names.add(f"projects/{text(one.values, 'project')}/roles/{text(one.values, 'role_id')}")
        found |= {name: tuple(texts(one.values, "permissions")) for name in names if name}
    return found


def ids(resources: Sequence[Given]) -> Mapping[str, str]:
    """What the environment calls its own roles, by the names that grants have for them."""
    return {text(one.values, "name"): text(one.values, "role_id") for one in of_type(resources, *_OWN)}
