resource "google_service_account" "this" {
  for_each = toset(local.roles)

  account_id   = "${local.short}-ci-${each.key}"
  display_name = "Pipeline of ${var.name}: ${each.key}"
}

# Whoever has the grant in this pool, and nobody else.
resource "google_service_account_iam_member" "pool" {
  for_each = local.takes

  service_account_id = google_service_account.this[each.value.account].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.this.name}/attribute.grant/${each.value.grant}"
}

resource "google_project_iam_custom_role" "this" {
  for_each = { for role, permissions in { plan = var.permissions.read, apply = local.write } : role => permissions if length(permissions) > 0 }

  role_id     = "${local.role_prefix}_${each.key}"
  title       = "${each.key} of ${var.name}"
  description = each.key == "plan" ? "What a plan reads: settings, no data" : "What an apply makes, changes and destroys"
  permissions = each.value
}

resource "google_project_iam_member" "this" {
  for_each = google_project_iam_custom_role.this

  project = local.project
  role    = each.value.name
  member  = google_service_account.this[each.key].member

  # Whoever grants in a project can grant in its buckets: the one with the states, those of the pipeline's own identities among them,
  # is left out. https://docs.cloud.google.com/iam/docs/conditions-resource-attributes
  dynamic "condition" {
    for_each = each.key == "apply" ? [local.state_bucket] : []

    content {
      title       = "not-the-states-of-${var.name}"
      description = "Everything but the bucket of the states"
      expression  = "resource.service != \"storage.googleapis.com\" || (resource.name != \"${condition.value}\" && !resource.name.startsWith(\"${condition.value}/\"))"
    }
  }
}

# Who applies reads back what it made, and who looks for drift all of it.
resource "google_project_iam_member" "reads" {
  for_each = toset(length(var.permissions.read) > 0 ? ["apply", "drift"] : [])

  project = local.project
  role    = google_project_iam_custom_role.this["plan"].name
  member  = google_service_account.this[each.key].member
}

# Charts make roles with rights of all kinds, which Kubernetes lets nobody make who does not have them: the whole of the one cluster.
# Who looks for drift has no permission for objects here: RBAC lets it read (module reader).
resource "google_project_iam_member" "cluster" {
  count = var.cluster_location == null ? 0 : 1

  project = local.project
  role    = "roles/container.admin"
  member  = google_service_account.this["apply"].member

  condition {
    title       = "only-${var.name}"
    description = "Only the cluster ${var.name}"
    expression  = "resource.name == \"projects/${local.project}/locations/${var.cluster_location}/clusters/${var.name}\""
  }
}

# The DNS name lets in whom IAM allows, before RBAC is asked; `apply` has this with its role.
# https://docs.cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
resource "google_project_iam_custom_role" "connect" {
  count = var.cluster_dns_endpoint ? 1 : 0

  role_id     = "${local.role_prefix}_connect"
  title       = "connect of ${var.name}"
  description = "Reaches the API of the cluster by its DNS name"
  permissions = ["container.clusters.connect"]
}

resource "google_project_iam_member" "connect" {
  count = var.cluster_dns_endpoint ? 1 : 0

  project = local.project
  role    = google_project_iam_custom_role.connect[0].name
  member  = google_service_account.this["drift"].member

  condition {
    title       = "reach-${var.name}"
    description = "Only the cluster ${var.name}"
    expression  = "resource.name == \"projects/${local.project}/locations/${var.cluster_location}/clusters/${var.name}\""
  }
}

# Grants in the project are made apart, because they are held to certain roles.
# https://docs.cloud.google.com/iam/docs/setting-limits-on-granting-roles
resource "google_project_iam_custom_role" "grants" {
  count = length(var.permissions.grants) > 0 ? 1 : 0

  role_id     = "${local.role_prefix}_grants"
  title       = "grants of ${var.name}"
  description = "Grants in the project, held to the roles that the environment gives"
  permissions = ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"]
}

resource "google_project_iam_member" "grants" {
  count = length(var.permissions.grants) > 0 ? 1 : 0

  project = local.project
  role    = google_project_iam_custom_role.grants[0].name
  member  = google_service_account.this["apply"].member

  condition {
    title       = "roles-of-${var.name}"
    description = "Roles that the environment gives, and no other"
    expression  = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['${join("', '", var.permissions.grants)}'])"
  }
}

locals {
  write = [for permission in var.permissions.write : permission if !contains(local.project_grants, permission)]
}
