output "workload_identity" {
  description = "Identities by name: service account and IAM principal of each."
  value = { for name, identity in var.identities : name => {
    namespace       = identity.namespace
    service_account = identity.service_account
    principal       = local.principals[name]
  } }

  # A pod that starts before these is refused.
  depends_on = [
    google_secret_manager_secret_iam_member.workload,
    google_storage_bucket_iam_member.workload,
  ]
}
