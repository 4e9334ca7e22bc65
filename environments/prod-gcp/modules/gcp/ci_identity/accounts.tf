resource "google_service_account" "this" {
  for_each = toset(local.roles)

  account_id   = "${local.short}-ci-${each.key}"
  display_name = "Pipeline of ${var.name}: ${each.key}"
}

# Whoever has the grant in this pool, and nobody else. Who may apply may plan, too: a job of Jenkins has one subject for both.
resource "google_service_account_iam_member" "pool" {
  for_each = { plan = "plan", apply = "apply", apply_plans = "apply" }

  service_account_id = google_service_account.this[each.key == "apply" ? "apply" : "plan"].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.this.name}/attribute.grant/${each.value}"
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

# Who applies reads back what it made.
resource "google_project_iam_member" "apply_reads" {
  count = length(var.permissions.read) > 0 ? 1 : 0

  project = local.project
  role    = google_project_iam_custom_role.this["plan"].name
  member  = google_service_account.this["apply"].member
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
