"""Keys, secrets, certificates and firewalls of applications."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import entries, hourly, monthly, rule, unmetered
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.planned import Planned

DEARER_GROUPS = ("AWSManagedRulesBotControlRuleSet", "AWSManagedRulesATPRuleSet", "AWSManagedRulesACFPRuleSet")
"""Groups of rules with a charge of their own: https://aws.amazon.com/waf/pricing/."""


def _key(r: Planned, _: Catalog) -> Iterable[Use]:
    rotation = None
    if r.flag("enable_key_rotation"):
        rotation = int(r.number("rotation_period_in_days") or BILLING.key_rotation_days)
    yield BILLING.key(Amount.of(1, "one key; requests to it are not counted"), rotation)
    yield from _key_requests(r)


def _key_requests(r: Planned) -> Iterable[Use]:
    if (requests := r.usage("monthly_requests")) is not None:
        spec = r.text("customer_master_key_spec")
        item = "keys.request" if spec in ("", "SYMMETRIC_DEFAULT", "RSA_2048") else "keys.request_asymmetric"
        yield use(item, "request", Amount(requests, "requests of the usage file"))


def _secret(r: Planned, _: Catalog) -> Iterable[Use]:
    copies = 1 + len(r.items("replica"))
    words = "one secret" if copies == 1 else f"one secret in {copies} regions"
    yield BILLING.secret(Amount.of(copies, f"{words}; reads are not counted"))
    if (reads := r.usage("monthly_requests")) is not None:
        yield use("secrets.request", "request", Amount(reads, "reads of the usage file"))


def _parameter(r: Planned, _: Catalog) -> Iterable[Use]:
    """Advanced parameters: https://aws.amazon.com/systems-manager/pricing/, Parameter Store."""
    if r.text("tier") == "Advanced":
        yield use("parameters.advanced", "parameter_month", Amount.of(1, "one advanced parameter"))


def _web_acl(r: Planned, _: Catalog) -> Iterable[Use]:
    yield use("firewall.acl", "acl_month", Amount.of(1, "one list"))
    rules = r.blocks("rule")
    if rules:
        yield use("firewall.rule", "rule_month", Amount.of(len(rules), f"{len(rules)} rules and groups of rules"))
    if any(one.text("statement", "managed_rule_group_statement", "name") in DEARER_GROUPS for one in rules):
        yield without_price(
            "firewall.bot_control", "rule_month", "control of bots and fraud, and each request it looks at"
        )
    yield use("firewall.request", "request", r.stated("monthly_requests", "requests that it looks at"))


def _authority(r: Planned, _: Catalog) -> Iterable[Use]:
    short = r.text("usage_mode") == "SHORT_LIVED_CERTIFICATE"
    yield use(f"certificates.authority{'_short' if short else ''}", "authority_month", Amount.of(1, "one authority"))
    yield use("certificates.issued", "certificate", r.stated("monthly_requests", "certificates that it signs"))


def _certificate(r: Planned, _: Catalog) -> Iterable[Use]:
    """A public certificate is free unless it may be exported: https://aws.amazon.com/certificate-manager/pricing/."""
    if r.text("options", "export") == "ENABLED":
        yield without_price("certificates.exportable", "certificate", "a certificate that may be exported")


_KEY = rule(monthly("keys.key", "key_month", "key; requests to it are not counted"))
USES = {
    "aws_acm_certificate": _certificate,
    "aws_acmpca_certificate_authority": _authority,
    "aws_cloudhsm_v2_hsm": rule(hourly("keys.hsm", "module")),
    "aws_cognito_user_pool": rule(unmetered("users.active", "user_month", "people who sign in")),
    "aws_directory_service_directory": rule(unmetered("users.directory", "hour", "controllers of the domain")),
    "aws_kms_external_key": _KEY,
    "aws_kms_key": _key,
    "aws_kms_replica_external_key": _KEY,
    "aws_kms_replica_key": _KEY,
    "aws_secretsmanager_secret": _secret,
    "aws_shield_protection": rule(
        unmetered("firewall.shield", "subscription_month", "Shield Advanced of the organization")
    ),
    "aws_ssm_parameter": _parameter,
    "aws_wafv2_rule_group": rule(monthly("firewall.rule", "rule_month", "rules", entries("rule"))),
    "aws_wafv2_web_acl": _web_acl,
}
