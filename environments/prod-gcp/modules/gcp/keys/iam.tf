# Services encrypt and decrypt for whoever may read or write, so no person and no workload needs a key.
resource "google_kms_crypto_key_iam_member" "this" {
  for_each = local.grants

  crypto_key_id = google_kms_crypto_key.this[each.value.purpose].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${local.agents[each.value.service]}"
}
