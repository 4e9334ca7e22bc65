# What the server itself does: this secret, these artifacts, nothing else.
resource "google_service_account" "server" {
  account_id   = substr(local.service_name, 0, 30) # as many as Google takes
  display_name = "MLflow of ${var.name}"
  description  = "Its artifacts and its secret"

  # One that is there stays when this is destroyed: a grant on it would be gone with it.
  create_ignore_already_exists = var.account_exists ? true : null
  deletion_policy              = var.account_exists ? "ABANDON" : null

  # Keys come after the APIs are on, IAM's too.
  depends_on = [var.kms_keys]
}

# Listing asks for the bucket, not for an object, and is known by its prefix.
# https://cloud.google.com/storage/docs/access-control/iam#conditions
resource "google_storage_bucket_iam_member" "artifacts" {
  bucket = var.artifacts_bucket.name
  role   = "roles/storage.objectUser"
  member = google_service_account.server.member

  condition {
    title       = "artifacts"
    description = "Objects under artifacts/ only"
    expression = join(" || ", [
      "resource.name.startsWith(\"projects/_/buckets/${var.artifacts_bucket.name}/objects/artifacts/\")",
      "api.getAttribute(\"storage.googleapis.com/objectListPrefix\", \"\").startsWith(\"artifacts/\")",
    ])
  }
}

resource "google_secret_manager_secret_iam_member" "server" {
  secret_id = var.database.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.server.member
}
