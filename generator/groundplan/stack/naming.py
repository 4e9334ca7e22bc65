"""Names in the cloud: made from the spec, unique where they are global, checked against the cloud's limits."""

from __future__ import annotations

import hashlib
import re

from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic
from groundplan.spec.model import Spec

HASH_LENGTH = 8
BUCKET_NAME_REASON = "bucket names are global: the hash is of account and region"


def account_hash(provider: str, account: str, region: str) -> str:
    """Eight hex digits that make a global name ours without giving the account away."""
    return hashlib.sha256(f"{provider}/{account}/{region}".encode()).hexdigest()[:HASH_LENGTH]


def bucket_name(spec: Spec, name: str) -> str:
    """The name in the cloud of the bucket that the spec, or groundplan, calls `name`."""
    cloud = spec.cloud
    return f"{spec.name}-{name}-{account_hash(cloud.provider, cloud.account, cloud.region)}"


def check_name(cloud: Cloud, kind: str, name: str, path: str) -> list[Diagnostic]:
    """A GP303 error when `name` is longer than `cloud` allows for `kind` or not of its form, else nothing."""
    limit = cloud.names.limits[kind]
    excess = len(name) - limit.max_length
    if excess > 0:
        message = f"{limit.what} `{name}` has {len(name)} characters; {cloud.title} allows {limit.max_length}"
        hint = f"shorten `name` or this name by {excess} character{'s' if excess > 1 else ''}"
        return [Diagnostic(code="GP303", message=message, hint=hint, path=path)]
    if not re.fullmatch(limit.pattern, name):
        message = f"{cloud.title} refuses the {limit.what} `{name}`"
        return [Diagnostic(code="GP303", message=message, hint=limit.hint, path=path)]
    return []
