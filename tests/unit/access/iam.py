"""Resources of AWS as small as a test needs them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from groundplan.access.aws.engine import Aws
from groundplan.access.model import Answer, Given, Wanted

ACCOUNT = "123456789012"
Statement = Mapping[str, Any]


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def given(type_name: str, name: str, /, **values: Any) -> Given:
    return Given("10-foundation", f"{type_name}.{name}", type_name, values)


def role(
    *statements: Statement, boundary: Sequence[Statement] | None = None, trust: Sequence[Statement] = ()
) -> list[Given]:
    """The role `job` with one inline policy."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    bound = {} if boundary is None else {"permissions_boundary": arn}
    made = [
        given(
            "aws_iam_role",
            "job",
            name="job",
            arn=f"arn:aws:iam::{ACCOUNT}:role/job",
            assume_role_policy=document(*trust),
            **bound,
        ),
        given("aws_iam_role_policy", "job", name="own", role="job", policy=document(*statements)),
    ]
    limit = given("aws_iam_policy", "limit", name="limit", arn=arn, policy=document(*(boundary or ())))
    return [*made, *([] if boundary is None else [limit])]


def bucket(name: str, *statements: Statement) -> list[Given]:
    made = [given("aws_s3_bucket", name, bucket=name, arn=f"arn:aws:s3:::{name}")]
    policy = given("aws_s3_bucket_policy", name, bucket=name, policy=document(*statements))
    return [*made, *([policy] if statements else [])]


def key(name: str, *statements: Statement, **more: Any) -> Given:
    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{name}"
    return given("aws_kms_key", name, arn=arn, policy=document(*statements), **more)


def may(resources: Sequence[Given], action: str, resource: str = "*") -> Answer:
    return Aws(resources).may("job", Wanted(action, resource))
