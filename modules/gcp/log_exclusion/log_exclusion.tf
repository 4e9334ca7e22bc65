# Without it the same entries would be stored and paid for a second time, in the bucket _Default, without our key.
resource "google_logging_project_exclusion" "this" {
  name        = var.name
  description = "Kept in log buckets of ${var.name}: ${join(", ", keys(var.filters))}"
  filter      = join(" OR ", [for filter in values(var.filters) : "(${filter})"])
}
