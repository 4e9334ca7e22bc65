"""What a Terraform plan costs that groundplan did not render."""

from groundplan.cost.plan.clouds import billing_clouds, check_region, usage_keys
from groundplan.cost.plan.diff import PlanDiff, difference, moved, prior_state
from groundplan.cost.plan.pricing import price_plan
from groundplan.cost.plan.read import decoded, read_plan
from groundplan.cost.plan.report import PlanReport
from groundplan.cost.plan.usage import UsageFile, read_usage
from groundplan.cost.plan.usage_template import usage_template

__all__ = [
    "PlanDiff",
    "PlanReport",
    "UsageFile",
    "billing_clouds",
    "check_region",
    "decoded",
    "difference",
    "moved",
    "price_plan",
    "prior_state",
    "read_plan",
    "read_usage",
    "usage_keys",
    "usage_template",
]
