# Services encrypt and decrypt for whoever may read or write, so no person and no workload needs a key.
resource "google_kms_crypto_key_iam_member" "this" {
  for_each = local.grants

  crypto_key_id = google_kms_crypto_key.this[each.value.purpose].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${local.agents[each.value.service]}"

  # Who the agents are is read late when something before this module changes, an API that is turned on say. A member not yet known
  # would take the grant away before giving it anew, and services do not wait for a key they have lost.
  lifecycle {
    ignore_changes = [member]
  }

  depends_on = [google_project_service_identity.this]
}
