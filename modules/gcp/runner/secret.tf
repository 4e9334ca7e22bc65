# Empty: a person puts the token into it, so that neither Terraform nor a state ever has it.
resource "google_secret_manager_secret" "this" {
  secret_id = local.runner_name

  # In this region and under our key; automatic replication would take keys of a multi-region.
  replication {
    user_managed {
      replicas {
        location = var.region

        customer_managed_encryption {
          kms_key_name = var.kms_keys.secret
        }
      }
    }
  }
}
