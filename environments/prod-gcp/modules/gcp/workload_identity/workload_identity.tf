# On single buckets and secrets, never on the project. Nobody needs the keys: Cloud Storage and Secret Manager use them by themselves.
# IAM refuses a principal of a pool that does not exist, and the project's pool comes with its first cluster.

resource "google_storage_bucket_iam_member" "workload" {
  for_each = local.bucket_grants

  bucket = each.value.bucket
  role   = each.value.role
  member = local.principals[each.value.identity]

  depends_on = [var.cluster_name]
}

resource "google_secret_manager_secret_iam_member" "workload" {
  for_each = local.secret_grants

  secret_id = each.value.secret
  role      = "roles/secretmanager.secretAccessor"
  member    = local.principals[each.value.identity]

  depends_on = [var.cluster_name]
}
