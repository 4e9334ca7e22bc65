# Cloud Run pulls from Artifact Registry and Docker Hub; of other registries it takes what a remote repository fetches and keeps.
# https://docs.cloud.google.com/artifact-registry/docs/repositories/remote-repo
resource "google_artifact_registry_repository" "this" {
  for_each = local.remote_registries

  repository_id = "${local.service_name}-${replace(each.key, "/[^a-z0-9-]/", "-")}"
  location      = var.region
  format        = "DOCKER"
  mode          = "REMOTE_REPOSITORY"
  description   = "Images of MLflow of ${var.name} from ${each.key}"
  kms_key_name  = var.kms_keys.storage

  remote_repository_config {
    description = each.key

    common_repository {
      uri = "https://${each.key}"
    }
  }

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }
}

# Cloud Run imports an image as its service agent, of this repository alone.
resource "google_artifact_registry_repository_iam_member" "this" {
  for_each = google_artifact_registry_repository.this

  location   = each.value.location
  repository = each.value.repository_id
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:service-${data.google_project.this.number}@serverless-robot-prod.iam.gserviceaccount.com"
}
