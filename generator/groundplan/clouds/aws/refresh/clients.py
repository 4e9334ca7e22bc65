"""Clients of AWS, and what their errors mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import RefusedError

PRICE_LIST_REGION = "us-east-1"
"""One of the regions in which the Price List and Savings Plans are asked: both know all regions."""
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 60, 6
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
UNKNOWN = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
"""Of a service that is asked in one region; elsewhere they may mean a region that the account has not turned on."""
BUSY = frozenset({"RequestLimitExceeded", "TooManyRequestsException", "ServiceUnavailable", "InternalErrorException"})
LOG_IN = "log in again, for example with `aws sso login`, and repeat the command: it goes on where it stopped"

Client: TypeAlias = Callable[[str, str], Any]
"""A boto3 client by service and region."""
T = TypeVar("T")


def clients_of_process() -> Client:
    """Clients with the default credentials; raises UnreachableError without any."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
    )
    try:
        session = boto3.Session()
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise UnreachableError(f"no AWS credentials can be used: {error}", "correct AWS_PROFILE") from None
    if credentials is None:
        hint = "set AWS_PROFILE, log in with `aws sso login`, or give the runner a role"
        raise UnreachableError("no AWS credentials were found", hint)
    making = Lock()

    @cache
    def made(service: str, region: str) -> Any:
        return session.client(service, region_name=region, config=config)

    def client(service: str, region: str) -> Any:
        with making:  # sessions make one client at a time: https://docs.aws.amazon.com/boto3/latest/guide/session.html
            return made(service, region)

    return client


def ask(action: str, pages: Callable[[], Iterable[T]]) -> Iterator[T]:
    """What the pages hold. Raises RefusedError, and UnreachableError where every further question would be refused."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        SSOError,
        TokenRetrievalError,
    )

    try:
        yield from pages()
    except ClientError as error:
        raise _refused(action, error.response["Error"]) from None
    except (CredentialRetrievalError, NoCredentialsError, SSOError, TokenRetrievalError) as error:
        raise UnreachableError(f"the AWS credentials cannot be used any more: {error}", LOG_IN) from None
    except BotoCoreError as error:
        hint = "check access to the AWS endpoints: proxy, DNS, firewall"
        raise RefusedError(str(error), hint, passing=True) from None


def _refused(action: str, error: Any) -> Exception:
    code = error["Code"]
    words = f"{code}: {error.get('Message', '')}"
    if code in EXPIRED or (code in UNKNOWN and not action.startswith("ec2:")):
        return UnreachableError(f"AWS does not accept the credentials: {words}", LOG_IN)
    if code in BUSY or "Throttl" in code:
        return RefusedError(words, "retry later, or with fewer regions", passing=True)
    if action.startswith("ec2:") and code in UNKNOWN | {"AuthFailure", "OptInRequired"}:
        return RefusedError(words, "turn the region on for the account, or leave it out with --region")
    return RefusedError(words, f"allow the caller {action}")
