# GKE asks for its API in the host project too, and the connection of Cloud SQL for its own.
resource "google_project_service" "this" {
  for_each = toset(concat(
    var.cluster == null ? [] : ["container.googleapis.com"],
    var.private_services_cidr == null ? [] : ["servicenetworking.googleapis.com"],
  ))

  project = local.host_project
  service = each.key

  # Others in the project may use it.
  disable_on_destroy         = false
  disable_dependent_services = false
}
