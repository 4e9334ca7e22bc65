# The identity of the nodes, never of a pod: those have their own by workload identity. One for all pools, made
# before the cluster, because Google needs minutes to know a new account everywhere and a pool does not wait.
resource "google_service_account" "nodes" {
  account_id   = "${var.name}-nodes"
  display_name = "Nodes of ${var.name}"

  # One that is there stays when this is destroyed: a grant on it would be gone with it.
  create_ignore_already_exists = var.account_exists ? true : null
  deletion_policy              = var.account_exists ? "ABANDON" : null

  # Keys come after the APIs are on, IAM's too.
  depends_on = [var.secrets_kms_key]
}

# Write logs and metrics, pull images, nothing else.
resource "google_project_iam_member" "nodes" {
  for_each = toset(["roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"])

  project = local.project
  role    = each.value
  member  = google_service_account.nodes.member
}

resource "google_project_iam_member" "admin" {
  for_each = toset(var.access.admin_groups)

  project = local.project
  role    = "roles/container.admin"
  member  = "group:${each.value}"

  condition {
    title       = "only-${var.name}"
    description = "Only the cluster ${var.name}"
    expression  = "resource.name == \"projects/${local.project}/locations/${local.location}/clusters/${var.name}\""
  }
}
