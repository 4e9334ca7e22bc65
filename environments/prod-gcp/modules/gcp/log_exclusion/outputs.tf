output "log_exclusion" {
  description = "`name` of the exclusion, and the `filter` that it has."
  value = {
    name   = google_logging_project_exclusion.this.name
    filter = google_logging_project_exclusion.this.filter
  }
}
