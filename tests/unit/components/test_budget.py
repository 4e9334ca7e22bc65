"""The cloud's own budget: the same limit on both clouds, and what each needs to know for it."""

from __future__ import annotations

from typing import Any

from groundplan.clouds.base import Cloud
from groundplan.components.base import ModuleCall
from groundplan.components.budget.component import COMPONENT
from groundplan.hcl.references import Var
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack
from tests.unit.stack.specs import aws, gcp, gcp_stack, problem, stack_of

MAIL = "ml-oncall@example.com"
BUCKETS = {"buckets": {"data": {"size_gib": 10}}}
ACCOUNT = {"billing_account": "012345-6789AB-CDEF01"}


def call(stack: Stack, cloud: Cloud) -> ModuleCall:
    [made] = COMPONENT.calls(stack, cloud)
    return made


def said(**enforce: Any) -> dict[str, Any]:
    return {"storage": BUCKETS, "budget": {"monthly_usd": 99.5, "enforce": {"emails": [MAIL], **enforce}}}


def test_a_limit_alone_makes_no_budget() -> None:
    stack = stack_of(storage=BUCKETS, budget={"monthly_usd": 5})
    assert not list(COMPONENT.calls(stack, aws()))
    assert not list(COMPONENT.on(gcp()).apis(stack, FOUNDATION))


def test_on_aws_it_is_in_dollars() -> None:
    made = call(stack_of(**said()), aws())
    assert (made.source, made.layer, made.path) == ("aws/budget", FOUNDATION, "budget.enforce")
    assert dict(made.arguments) == {
        "name": Var("name"),
        "limit_usd": 99.5,
        "scope": "environment",
        "emails": [MAIL],
        "alert_percent": [80, 100],
        "forecast_percent": [100],
    }


def test_on_google_cloud_it_is_of_a_billing_account_in_its_currency() -> None:
    made = call(gcp_stack(**said(gcp=ACCOUNT)), gcp())
    assert made.arguments["billing_account"] == "012345-6789AB-CDEF01"
    assert made.arguments["limit"] == {"amount": 99.5}
    euros = {"amount": 90, "currency": "EUR"}
    assert call(gcp_stack(**said(gcp={**ACCOUNT, "limit": euros})), gcp()).arguments["limit"] == euros


def test_google_cloud_is_asked_to_turn_the_api_on() -> None:
    assert "billingbudgets" in COMPONENT.on(gcp()).apis(gcp_stack(**said(gcp=ACCOUNT)), FOUNDATION)


def test_google_cloud_has_no_budget_without_a_billing_account() -> None:
    found = problem(cloud={"provider": "gcp", "region": "us-central1", "account": "fraud-dev"}, **said())
    assert (found.code, found.path) == ("GP208", "budget.enforce")
    assert "billing account" in found.message


def test_thresholds_are_in_order() -> None:
    made = call(stack_of(**said(alert_percent=[100, 50], forecast_percent=[], scope="account")), aws())
    assert made.arguments["alert_percent"] == [50, 100]
    assert made.arguments["forecast_percent"] == []
    assert made.arguments["scope"] == "account"


def test_the_operator_hears_that_aws_counts_no_tag_by_itself() -> None:
    [words] = COMPONENT.on(aws()).cautions(stack_of(**said()))
    assert "cost allocation tag" in words
    assert not list(COMPONENT.on(aws()).cautions(stack_of(**said(scope="account"))))
