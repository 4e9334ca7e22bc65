resource "google_kms_key_ring" "this" {
  name     = var.bucket
  location = var.region
}

resource "google_kms_crypto_key" "this" {
  name                       = "state"
  key_ring                   = google_kms_key_ring.this.id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s" # 90 days
  destroy_scheduled_duration = "2592000s" # 30 days

  # Without the key every state in the bucket is lost.
  lifecycle {
    prevent_destroy = true
  }
}

# Identities read and write state through Cloud Storage; none needs the key.
resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.this.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"
}
