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

resource "google_kms_crypto_key_iam_member" "logging" {
  count = var.access_logs == "audit" ? 1 : 0

  crypto_key_id = google_kms_crypto_key.this.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_logging_project_cmek_settings.this[0].service_account_id}"

  # Known late when something before this module changes; see the module keys.
  lifecycle {
    ignore_changes = [member]
  }
}

# Identities read and write state through Cloud Storage; none needs the key.
resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.this.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"

  # Known late when something before this module changes; see the module keys.
  lifecycle {
    ignore_changes = [member]
  }
}

# Saved plans are under a key of their own, which their upload names.
resource "google_kms_crypto_key" "plans" {
  name                       = "plans"
  key_ring                   = google_kms_key_ring.this.id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s" # 90 days
  destroy_scheduled_duration = "2592000s" # 30 days

  # Keys are never deleted, and one whose versions are gone keeps its name: a second one could not be made.
  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "plans" {
  crypto_key_id = google_kms_crypto_key.plans.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.this.email_address}"

  # Known late when something before this module changes; see the module keys.
  lifecycle {
    ignore_changes = [member]
  }
}
