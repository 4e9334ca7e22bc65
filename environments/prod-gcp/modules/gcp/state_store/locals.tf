# Asking for Cloud Storage's service agent makes it.
data "google_storage_project_service_account" "this" {}
