"""What a spec says of the place of Terraform's state."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from groundplan.spec.base import BucketName, Key, Model

_PREFIX = r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"
_REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
_KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
Prefix = Annotated[str, StringConstraints(pattern=_PREFIX, max_length=200)]
AwsRegion = Annotated[str, StringConstraints(pattern=_REGION)]
KeyArn = Annotated[str, StringConstraints(pattern=_KEY_ARN)]


class AwsState(Model):
    """What only a state bucket on S3 has, when it is there already."""

    only_on: ClassVar[str] = "aws"

    region: AwsRegion | None = None
    """Region of `state.bucket`; default: that of the environment."""
    kms_key_arn: KeyArn | None = None
    """Key that the policy of `state.bucket` wants every write to name; default: the bucket's own encryption."""


class State(Model):
    """Where Terraform keeps its state."""

    backend: Literal["remote", "local"] = "remote"
    """`remote`: an encrypted, versioned, locked bucket; `local`: a file beside the root."""
    bucket: BucketName | None = None
    """An existing state bucket; default: a name made from the environment and a hash of the account."""
    prefix: Prefix | None = None
    """Folder in the bucket; default: the environment's name. Environments of one name in one bucket need one each."""
    own_state: Literal["local", "remote"] | None = None
    """State of `00-state` itself: `remote`, in its own bucket, or `local`, a file; default: as it is, else `remote`."""
    aws: AwsState | None = None
    """Settings that exist on AWS only."""


KEYS = (Key("state", State, "Where Terraform keeps its state.", always=True),)

PATTERNS = {
    _PREFIX: "use letters, digits, dots, hyphens and underscores, with single slashes between folders",
    _REGION: "write a region such as us-east-1",
    _KEY_ARN: "write the ARN of a key, not of its alias, such as arn:aws:kms:us-east-1:123456789012:key/…",
}
