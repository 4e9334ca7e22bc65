output "budget" {
  description = "`name` of the budget, and the `scope` that it watches."
  value = {
    name  = google_billing_budget.this.display_name
    scope = var.scope
  }
}
