"""How a job of a pipeline becomes one of the environment's identities in its cloud, without a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Identity = Literal["plan", "drift", "apply"]
"""`plan`: for proposed changes; `drift`: for the default branch, which reads more; `apply`: writes."""

TOKEN_FILE = "{token}"
"""Stands in what a `Login` says for the file with the token of the system."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action of GitHub, by the commit of a release."""

    name: str
    sha: str
    version: str


@dataclass(frozen=True, slots=True)
class Login:
    """What a cloud takes from a job: tokens of the system, which it trades for credentials that end with the job."""

    action: Action
    """Which logs in on GitHub."""
    arguments: Mapping[str, Literal["identity", "region", "provider"]]
    """What that takes."""
    region: str
    identities: Mapping[Identity, str]
    """By what an identity may do: its name in the cloud."""
    providers: Mapping[str, str]
    """By system: what knows its tokens, where the cloud asks for that."""
    audiences: Mapping[str, str]
    """By system: whom its tokens have to be for."""
    variables: Mapping[Identity, Mapping[str, str]]
    """Variables of a job elsewhere, by identity; `{token}` is the file with the token."""
    configuration: Mapping[str, str]
    """By system: text of a file that names the identity, with `{token}` and `{identity}`; none where variables do."""
    configuration_variable: str = ""
    """What names that file to the cloud's libraries."""
    lasting: Mapping[str, str] = field(default_factory=dict)
    """What the action takes further for jobs that apply: how long their credentials last."""
