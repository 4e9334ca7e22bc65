resource "google_project_service" "this" {
  for_each = var.apis

  service = each.key

  # Others in the project may use an API that this environment no longer needs.
  disable_on_destroy         = false
  disable_dependent_services = false
}
