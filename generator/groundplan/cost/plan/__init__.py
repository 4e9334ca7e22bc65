"""What a Terraform plan costs that groundplan did not render."""

from groundplan.cost.plan.clouds import check_region
from groundplan.cost.plan.pricing import price_plan
from groundplan.cost.plan.read import decoded, read_plan
from groundplan.cost.plan.report import PlanReport

__all__ = ["PlanReport", "check_region", "decoded", "price_plan", "read_plan"]
