"""What keeps AWS from answering, as one line with its remedy."""

from __future__ import annotations

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import stopped

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"})
REFUSED_KEYS = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "AllAccessDisabled"})
"""https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, and those of S3, STS and EKS."""
ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "404", "NotFound"})
_LOG_IN = "log in again: `aws sso login`, a new session token, or the runner's role"
_EXPIRED_HERE = frozenset(
    {"TokenRetrievalError", "UnauthorizedSSOTokenError", "SSOTokenLoadError", "CredentialRetrievalError"}
)
_NONE_HERE = frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "NoAuthTokenError"})


def code_of(error: Exception) -> str:
    """The code that AWS answers with; empty where it does not answer."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def explained(error: Exception, what: str) -> DiagnosticsError:
    """GP812 to GP816 for a call about `what`."""
    from groundplan.preflight.model import first_line

    code, kind, said = code_of(error), type(error).__name__, first_line(error)
    if code in EXPIRED or kind in _EXPIRED_HERE:
        return stopped("GP814", f"the AWS credentials have expired: {said}", _LOG_IN)
    if code in REFUSED_KEYS or kind in _NONE_HERE:
        return stopped("GP812", f"AWS takes no such credentials: {said}", "check AWS_PROFILE and the keys, or log in")
    if code in DENIED:
        hint = "give whoever runs this the permissions that `preflight` lists"
        return stopped("GP815", f"AWS refuses {what}: {said}", hint)
    hint = "check access to the AWS endpoints: proxy, DNS, firewall; then try again"
    return stopped("GP816", f"AWS does not answer about {what}: {said}", hint)


def errors() -> tuple[type[Exception], ...]:
    """What calls of botocore raise."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return BotoCoreError, ClientError, ResponseParserError
