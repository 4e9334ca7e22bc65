output "ci_identity" {
  description = "What jobs need: `roles`, the e-mail address of each account by its name, and `providers`, the full name of the identity pool's provider by the issuer's name."
  value = {
    roles     = { for role, account in google_service_account.this : role => account.email }
    providers = { for name, provider in google_iam_workload_identity_pool_provider.this : name => provider.name }
  }

  depends_on = [
    google_project_iam_member.cluster,
    google_project_iam_member.connect,
    google_project_iam_member.grants,
    google_project_iam_member.reads,
    google_project_iam_member.this,
    google_service_account_iam_member.pool,
    google_service_account_iam_member.run_as,
    google_storage_bucket_iam_member.put,
    google_storage_bucket_iam_member.read,
    google_storage_bucket_iam_member.saved_plans,
    google_storage_bucket_iam_member.write,
  ]
}
