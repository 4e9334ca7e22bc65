"""Every check of checkov that a module skips: its reason holds for every value, or a rule of ours judges the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from groundplan.check.rules import RULES
from groundplan.paths import MODULES

SKIP = re.compile(r"checkov:skip=([A-Z_\d]+)(?::(.*))?$", re.MULTILINE)
JUDGED = re.compile(r"\bGP9\d\d\b")

LOG = "a log of the log bucket would be logged in turn; nothing but the service that delivers may write to it"
SSE = "AWS documents that delivery fails with any other encryption, which is set in the same file and takes no variable"
EVENTS = "notifications protect nothing by themselves: without a consumer they go nowhere, whatever the values are"
KEY = "the policy of a key is attached to that key, so `*` can mean no other; the statements name their principals"
REGION = "an availability choice without a variable: what a copy would protect from is the loss of a region"

BOUNDARY = "what a boundary allows is allowed only where another policy grants it, and those are scanned by themselves"

ALWAYS = {
    "CKV2_AWS_19": {
        "Attached to a NAT gateway, which the check does not count": "both have the same `for_each`; none is left over",
    },
    "CKV2_AWS_62": {
        "Nothing listens to events of the log bucket": EVENTS,
        "Nothing listens to events of the state bucket": EVENTS,
        "Nothing listens to events of these buckets; whoever adds a consumer adds its notification": EVENTS,
    },
    "CKV2_GCP_13": {
        "Query Insights, which is always on here, keeps the times of statements; a log line for each would hold "
        "nothing else": "`query_insights_enabled` is true without a variable",
    },
    "CKV_AWS_109": {
        "Resource * of a key policy is this key; PutKeyPolicy has to stay with somebody or the key is locked for "
        "ever": KEY,
    },
    "CKV_AWS_111": {
        "Resource * of a key policy is this key": KEY,
        "Resource * of a key policy is this key; use needs an IAM permission or a service-linked role of this "
        "account": KEY,
    },
    "CKV_AWS_144": {
        "A copy in a second region doubles the cost of storage and may break residency rules": REGION,
        "Access logs are evidence about buckets and servers of this region; a copy elsewhere doubles their "
        "cost": REGION,
        "State describes one region and is of no use without it": REGION,
    },
    "CKV_AWS_145": {
        "Load balancers deliver access logs only to buckets with SSE-S3, not with a KMS key": SSE,
        "S3 delivers access logs only to buckets with SSE-S3, not with a KMS key": SSE,
    },
    "CKV_AWS_18": {
        "Takes access logs itself; logging its own accesses would never end": LOG,
        "Takes the access logs; logging its own accesses into itself would never end": LOG,
    },
    "CKV_AWS_300": {
        'the rule "versions" ends failed uploads after 7 days; beside a dynamic rule checkov does not see '
        "it": "`saved_plans` of the module's tests holds the rule",
    },
    "CKV_AWS_287": {
        "A boundary grants nothing: it bounds what other policies of a role grant": BOUNDARY,
    },
    "CKV_AWS_288": {
        "A boundary grants nothing: it bounds what other policies of a role grant": BOUNDARY,
    },
    "CKV_AWS_290": {
        "A boundary grants nothing: it bounds what other policies of a role grant": BOUNDARY,
    },
    "CKV_AWS_289": {
        "A boundary grants nothing: it bounds what other policies of a role grant": BOUNDARY,
    },
    "CKV_AWS_339": {
        "The check's list of versions ends before those EKS offers today; kubernetes_version has a validation of its "
        "own.": "EKS makes no cluster of a version out of support, and of one in extended support only when asked",
    },
    "CKV_AWS_355": {
        "A boundary grants nothing: it bounds what other policies of a role grant": BOUNDARY,
        "Describe, Get and List of settings, which is what a plan compares; a validation refuses every other action, "
        "and secrets": "two validations of `actions`, for every value it can have",
    },
    "CKV_AWS_356": {
        "GetAuthorizationToken takes no resource, and is there only for an image in ECR": "IAM has no resource for it",
        "Resource * of a key policy is this key": KEY,
    },
    "CKV_AWS_378": {
        "TLS ends at the load balancer; only its security group reaches the servers, in private subnets": "the one "
        "ingress rule of the servers names that group, without a variable",
    },
    "CKV_GCP_108": {
        "Clients are pods, whose addresses have no names; looking one up at every connection only delays the "
        "login": "the instance has a private address only, and pods have no reverse names",
    },
    "CKV_GCP_21": {
        "Labels are for accounting and come from the provider's default_labels, which the check does not read": "no "
        "label keeps anybody out",
    },
    "CKV_GCP_6": {
        "TLS is enforced (ENCRYPTED_ONLY). Client certificates would leave their private keys in the state, and "
        "clients prove themselves by password or IAM": "`ssl_mode` takes no variable",
    },
    "CKV_GCP_62": {
        "Data Access audit logs, which a sink here keeps, record every access; usage logs take their place only when "
        "asked for": "audit or usage and nothing else, each records; an environment turns the project's audit logs on",
        "The bucket of the access logs itself; logging into itself would never end": LOG,
        "Takes the access logs; logging its own accesses into itself would never end": LOG,
    },
    "CKV_GCP_63": {
        "Logs into another bucket or into none; in a plan the check takes a bucket without logging for one that logs "
        "to itself": "a validation of `access_log_bucket` refuses the name of a bucket that logs into it",
        "Logs nowhere; in a plan the check takes a bucket without logging for one that logs to itself": "no `logging`",
        "Names no log bucket at all, which the plan scan takes for its own": "no `logging`",
    },
    "CKV_GCP_65": {
        "RBAC by groups needs a group gke-security-groups@<domain> that only the organisation's administrators can "
        "make; access.rbac_security_group names it where it exists.": "without the group a cluster cannot be made",
    },
    "CKV_GCP_79": {
        "The input is held to versions 16 to 18, which PostgreSQL supports until 2028 or later; their upgrade is an "
        "outage that the owner times": "a `validation` refuses others; review when 16 ends, in November 2028",
    },
    "CKV_GCP_82": {
        "An environment can be destroyed as a whole; its key versions can be restored for deletion_window_days after "
        "that": "a `validation` refuses less than seven days",
    },
    "CKV_K8S_14": {
        "the image is an input that a validation holds to a fixed tag or a digest, which the scan of the code cannot "
        "see": "the validation refuses `latest` and no tag at all",
    },
    "CKV_K8S_15": {
        "the tag is fixed, and a registry that is down must not keep a pod from starting again": "a validation "
        "refuses `latest`; what a tag alone may hide is GP919",
    },
    "CKV_K8S_26": {
        "no port has a hostPort; the scan of a plan takes an unset one for one": "no port has one, nor a variable",
    },
}  # fmt: skip
"""Reasons that hold for every value a module can have, by check, each with the reviewer's argument."""


def skips() -> Iterator[tuple[str, str, str]]:
    """File, check and reason of every skip in the modules."""
    for path in sorted(Path(MODULES).rglob("*.tf")):
        for check, reason in SKIP.findall(path.read_text(encoding="utf-8")):
            yield path.relative_to(MODULES).as_posix(), check, reason


def judged_by(check: str, reason: str) -> bool:
    """Whether a rule that the reason names answers for the check."""
    named = set(JUDGED.findall(reason))
    return any(rule.code in named and check in rule.answers for rule in RULES)


def test_every_skip_always_holds_or_is_judged_by_a_rule() -> None:
    found = list(skips())
    assert len(found) > 50
    wrong = [one for one in found if one[2] not in ALWAYS.get(one[1], {}) and not judged_by(one[1], one[2])]
    assert wrong == [], "name the rule that judges the planned value, or argue in ALWAYS that it holds for every value"


def test_the_arguments_are_about_skips_that_there_are() -> None:
    found = {(check, reason) for _, check, reason in skips()}
    assert {(check, reason) for check, reasons in ALWAYS.items() for reason in reasons} <= found


def test_every_check_that_a_rule_answers_for_is_skipped_somewhere() -> None:
    answered = {check for rule in RULES for check in rule.answers}
    assert answered <= {check for _, check, _ in skips()}
