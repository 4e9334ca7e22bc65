"""The own rules, for what checkov does not look at: a rule is a file here and a line in `RULES`."""

from groundplan.check.rules.backups import Backups
from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.check.rules.deletion_protection import DeletionProtection
from groundplan.check.rules.endpoint_policy import EndpointPolicy
from groundplan.check.rules.force_destroy import ForceDestroy
from groundplan.check.rules.image_admission import ImageAdmission
from groundplan.check.rules.image_digest import ImageDigest
from groundplan.check.rules.log_retention import LogRetention
from groundplan.check.rules.open_ingress import OpenIngress
from groundplan.check.rules.provider_pin import ProviderPin
from groundplan.check.rules.public_range import PublicRange
from groundplan.check.rules.secret_literal import SecretLiteral
from groundplan.check.rules.secret_rotation import SecretRotation
from groundplan.check.rules.standby import Standby
from groundplan.check.rules.state_lock import StateLock
from groundplan.check.rules.token_in_state import TokenInState
from groundplan.check.rules.token_trust import TokenTrust
from groundplan.check.rules.versioning import Versioning

__all__ = ["RULES", "Rule", "Subject", "Violation"]

RULES: tuple[Rule, ...] = (
    SecretLiteral(),
    OpenIngress(),
    ProviderPin(),
    StateLock(),
    ForceDestroy(),
    DeletionProtection(),
    TokenInState(),
    PublicRange(),
    Versioning(),
    Standby(),
    Backups(),
    EndpointPolicy(),
    ImageAdmission(),
    SecretRotation(),
    LogRetention(),
    ImageDigest(),
    TokenTrust(),
)
