data "google_project" "this" {}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")

  log_filter = join(" AND ", [
    "resource.type=\"gcs_bucket\"",
    "resource.labels.bucket_name=(${join(" OR ", [for name in sort(values(var.buckets)[*].bucket) : "\"${name}\""])})",
    "log_id(\"cloudaudit.googleapis.com/data_access\")",
  ])
}
