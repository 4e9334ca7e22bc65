# Accounts as which the environment runs. An apply starts machines and servers as these and as no other account of the project, the
# project's own with the role Editor among them: conditions know no service account by its name, so the grant is on the account, which
# has to be there. The root that uses it takes it over, and leaves it when it is destroyed. https://docs.cloud.google.com/iam/docs/conditions-resource-attributes
resource "google_service_account" "run_as" {
  for_each = var.run_as

  account_id   = each.key
  display_name = each.value.display_name
  description  = each.value.description

  # One that an environment without a pipeline has made.
  create_ignore_already_exists = true
}

resource "google_service_account_iam_member" "run_as" {
  for_each = google_service_account.run_as

  service_account_id = each.value.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.this["apply"].member
}
