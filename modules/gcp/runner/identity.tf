# Reads this secret, nothing else: jobs take the identities of the pipeline, by tokens of their own.
resource "google_service_account" "this" {
  account_id   = substr(local.runner_name, 0, 30) # as many as Google takes
  display_name = "Runners of ${var.name}"
  description  = "Reads the token that runners of the pipeline register by"
}

resource "google_secret_manager_secret_iam_member" "this" {
  secret_id = google_secret_manager_secret.this.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this.member
}
