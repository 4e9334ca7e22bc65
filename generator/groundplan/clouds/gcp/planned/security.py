"""Keys and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.planned.metered import Metered, by_use, only_stated
from groundplan.clouds.planned import Planned, Uses

SOFTWARE = ("", "SOFTWARE")
EXTERNAL = ("EXTERNAL", "EXTERNAL_VPC")
CHEAP_HSM = re.compile(r"(?:|GOOGLE_SYMMETRIC_ENCRYPTION|AES_.*|HMAC_.*|RSA_.*_2048_.*)")
"""Algorithms whose versions on an HSM cost no more with their number: https://cloud.google.com/kms/pricing."""
SECONDS, SECONDS_PER_DAY = re.compile(r"([0-9]{1,12})(?:\.[0-9]{1,9})?s"), 86_400

KEY_REQUESTS = Metered("keys.request", "request", "requests to it", "monthly_key_operations")
SECRET_REQUESTS = Metered("secrets.request", "request", "reads of it", "monthly_access_operations")
ROTATIONS = Metered("secrets.rotation", "rotation", "notices of rotation", "monthly_rotation_notifications")
secret_version = only_stated(SECRET_REQUESTS)


def key(r: Planned, _: Catalog) -> Iterable[Use]:
    """Versions of a key by their protection level, one where no usage file says how many."""
    versions = r.usage("key_versions")
    amount = Amount.of(1, "one version; requests to it are not counted")
    if versions is not None:
        amount = Amount(versions, f"{versions.expected:f} versions")
    level = r.text("version_template", "protection_level")
    algorithm = r.text("version_template", "algorithm")
    days = _rotation_days(r) if versions is None else None
    if level in SOFTWARE:
        yield BILLING.key(amount, days)
    else:
        yield BILLING.key_of(_key_item(level, algorithm), amount, days)
    requests = KEY_REQUESTS.amount(r)
    if requests.band is not None:
        dear = level == "HSM" and not CHEAP_HSM.fullmatch(algorithm)
        yield use("keys.request_hsm_asymmetric" if dear else "keys.request", "request", requests)


def _rotation_days(r: Planned) -> int | None:
    """Days after which the key gets another version; None where it never does by itself."""
    found = SECONDS.fullmatch(r.text("rotation_period"))
    return max(int(found[1]) // SECONDS_PER_DAY, 1) if found else None


def _key_item(level: str, algorithm: str) -> str:
    if level in EXTERNAL:
        return "keys.key_external"
    return "keys.key_hsm" if CHEAP_HSM.fullmatch(algorithm) else "keys.key_hsm_asymmetric"


def secret(r: Planned, _: Catalog) -> Iterable[Use]:
    """Active versions in each of the places where they are kept."""
    places = max(len(r.items("replication", "user_managed", "replicas")), 1)
    versions = r.usage("active_secret_versions")
    if versions is None:
        count = max(len(r.referring("google_secret_manager_secret_version", "secret")), 1) * places
        words = "one active version" if count == 1 else f"{count} active versions, with their copies"
        yield BILLING.secret(Amount.of(count, f"{words}; reads are not counted"))
    else:
        yield BILLING.secret(Amount(versions.times(places), f"{versions.expected:f} versions, as the usage file says"))
    yield from only_stated(SECRET_REQUESTS, ROTATIONS)(r, _)


certificate_authority = by_use(Metered("certificates.authority", "month", "the tier of the pool decides"))


USES: Mapping[str, Uses] = {
    "google_kms_crypto_key": key,
    "google_privateca_ca_pool": certificate_authority,
    "google_privateca_certificate_authority": certificate_authority,
    "google_secret_manager_regional_secret": secret,
    "google_secret_manager_secret": secret,
    "google_secret_manager_regional_secret_version": secret_version,
    "google_secret_manager_secret_version": secret_version,
}
