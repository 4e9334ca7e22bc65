output "budget" {
  description = "`name` of the budget, and the `scope` that it watches."
  value = {
    name  = aws_budgets_budget.this.name
    scope = var.scope
  }
}
