# One setting of the project for each service. It replaces what was set for the service, exempted members too.
resource "google_project_iam_audit_config" "this" {
  for_each = var.data_access_logs

  project = trimprefix(data.google_project.this[0].id, "projects/")
  service = each.key

  dynamic "audit_log_config" {
    for_each = each.value

    content {
      log_type = audit_log_config.value
    }
  }

  depends_on = [google_project_service.this]
}

data "google_project" "this" {
  count = length(var.data_access_logs) > 0 ? 1 : 0
}

resource "google_project_service" "this" {
  for_each = var.apis

  service = each.key

  # Others in the project may use an API that this environment no longer needs.
  disable_on_destroy         = false
  disable_dependent_services = false
}
