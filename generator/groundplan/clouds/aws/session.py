"""The default credentials of AWS, and how long a call to an account is waited for; boto3 is imported when asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 20, 3
"""Patience with one call; botocore's standard mode waits between attempts when it is throttled."""
NO_CREDENTIALS = "no AWS credentials were found"
LOG_IN = "set AWS_PROFILE, log in with `aws sso login`, or give the runner a role"
"""What to do about it."""


def session() -> Any:
    """The session of environment, profile, SSO, web identity or instance role; None where there are no credentials."""
    import boto3

    made = boto3.Session()
    return made if made.get_credentials() is not None else None


def core_session(services: Sequence[str]) -> Any:
    """The same credentials for clients of these services alone, without boto3; None where there are none.

    Who runs a plan waits for the clients, and most of the time that the first one takes goes into a list of all
    services that there are, which is only used to name one that is unknown.
    """
    from botocore.loaders import Loader, create_loader
    from botocore.session import get_session

    class Named(Loader):  # type: ignore[misc]
        def list_available_services(self, type_name: str) -> list[str]:
            return sorted(services)

    made = get_session()
    paths = create_loader(made.get_config_variable("data_path")).search_paths
    made.register_component("data_loader", Named(paths, include_default_search_paths=False))
    return made if made.get_credentials() is not None else None


def patience() -> Any:
    """The configuration of clients that ask an account."""
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
