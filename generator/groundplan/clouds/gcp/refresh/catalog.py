"""The Cloud Billing Catalog: its services, their SKUs, and what its errors mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any, TypeVar

from groundplan.preflight.model import UnreachableError, first_line
from groundplan.prices.fresh import RefusedError

PAGE_SIZE = 5000
TIMEOUT_SECONDS = 120
PATIENCE_SECONDS = 60
"""For so long a busy catalog is asked again."""
IDS = {"Compute Engine": "services/6F81-5844-456A"}
"""Resource names that need not be looked up."""
LOG_IN = "log in with `gcloud auth application-default login`, or give the runner a service account"
T = TypeVar("T")


def credentials_of_process(api_key: str) -> Any:
    """The key as credentials, or the application default credentials; raises UnreachableError without either."""
    import google.auth
    from google.auth import api_key as api_keys
    from google.auth.exceptions import GoogleAuthError

    if api_key:
        return api_keys.Credentials(api_key)  # type: ignore[no-untyped-call]
    try:
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    except GoogleAuthError as error:
        raise UnreachableError(f"no Google Cloud credentials were found: {error}", LOG_IN) from None
    return credentials


def client_of(credentials: Any) -> Any:
    """A client of the Cloud Billing Catalog."""
    from google.cloud import billing_v1

    return billing_v1.CloudCatalogClient(credentials=credentials, transport="rest")


class Catalog:
    """Asks a client; may be shared by threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._ids: dict[str, str] | None = None
        self._looking_up = Lock()

    def skus(self, service: str) -> Iterator[Any]:
        """The SKUs of the service of that name, page by page. Raises RefusedError and UnreachableError."""
        request = {"parent": self._id(service), "page_size": PAGE_SIZE, "currency_code": "USD"}
        yield from asked(lambda: self._client.list_skus(request=request, retry=retries(), timeout=TIMEOUT_SECONDS))

    def _id(self, service: str) -> str:
        if service in IDS:
            return IDS[service]
        with self._looking_up:
            if self._ids is None:
                request = {"page_size": PAGE_SIZE}
                listed = asked(
                    lambda: self._client.list_services(request=request, retry=retries(), timeout=TIMEOUT_SECONDS)
                )
                self._ids = {one.display_name: one.name for one in listed}
        if service not in self._ids:
            raise RefusedError(f"the catalog has no service called {service}", "upgrade groundplan")
        return self._ids[service]


def asked(pages: Callable[[], Any]) -> Iterator[Any]:
    """What the pages hold. Raises RefusedError, and UnreachableError where every further question would be refused."""
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError, TransportError

    enable = "enable cloudbilling.googleapis.com in the caller's project, or retry later"
    try:
        yield from pages()
    except exceptions.Unauthorized as error:
        raise UnreachableError(f"Google Cloud does not accept the credentials: {first_line(error)}", LOG_IN) from None
    except (exceptions.TooManyRequests, exceptions.ServerError, exceptions.RetryError) as error:
        raise RefusedError(first_line(error), "retry later", passing=True) from None
    except (TransportError, OSError) as error:
        raise RefusedError(
            first_line(error), "check access to googleapis.com: proxy, DNS, firewall", passing=True
        ) from None
    except exceptions.GoogleAPIError as error:
        raise RefusedError(first_line(error), enable) from None
    except GoogleAuthError as error:
        raise UnreachableError(f"the Google Cloud credentials cannot be used: {first_line(error)}", LOG_IN) from None


def retries() -> Any:
    """Waits and asks again while the catalog is busy."""
    from google.api_core import exceptions, retry

    busy = retry.if_exception_type(exceptions.TooManyRequests, exceptions.ServiceUnavailable)
    return retry.Retry(predicate=busy, initial=0.5, maximum=10, timeout=PATIENCE_SECONDS)
