"""The own rules, for what checkov does not look at: a rule is a file here and a line in `RULES`."""

from groundplan.check.rules.base import Rule, Subject, Violation
from groundplan.check.rules.deletion_protection import DeletionProtection
from groundplan.check.rules.force_destroy import ForceDestroy
from groundplan.check.rules.open_ingress import OpenIngress
from groundplan.check.rules.provider_pin import ProviderPin
from groundplan.check.rules.secret_literal import SecretLiteral
from groundplan.check.rules.state_lock import StateLock
from groundplan.check.rules.token_in_state import TokenInState

__all__ = ["RULES", "Rule", "Subject", "Violation"]

RULES: tuple[Rule, ...] = (
    SecretLiteral(),
    OpenIngress(),
    ProviderPin(),
    StateLock(),
    ForceDestroy(),
    DeletionProtection(),
    TokenInState(),
)
