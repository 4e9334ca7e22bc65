data "google_project" "this" {}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")
  pool    = "projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${local.project}.svc.id.goog"

  # IAM knows the service account itself: no Google service account, no key, no annotation.
  principals = {
    for name, identity in var.identities : name =>
    "principal://iam.googleapis.com/${local.pool}/subject/ns/${identity.namespace}/sa/${identity.service_account}"
  }

  # By the bucket's name, so that a changed list takes away and gives only what changed. Writing includes reading.
  bucket_grants = merge(flatten([for name, identity in var.identities : [
    { for bucket in identity.writes : "${name} writes ${bucket}" => { identity = name, bucket = bucket, role = "roles/storage.objectUser" } },
    { for bucket in setsubtract(identity.reads, identity.writes) : "${name} reads ${bucket}" => { identity = name, bucket = bucket, role = "roles/storage.objectViewer" } },
  ]])...)

  # By position: the id holds the project, which a first plan may not know yet.
  secret_grants = merge([for name, identity in var.identities :
    { for position, secret in identity.secrets : "${name} reads secret ${position}" => { identity = name, secret = secret } }
  ]...)
}
