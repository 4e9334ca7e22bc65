resource "google_kms_key_ring" "this" {
  name     = local.ring
  location = var.region
}

resource "google_kms_crypto_key" "this" {
  #checkov:skip=CKV_GCP_82:An environment can be destroyed as a whole; its key versions can be restored for deletion_window_days after that
  for_each = var.purposes

  name                       = try(var.existing[each.key].name, each.key)
  key_ring                   = try(var.existing[each.key].ring, google_kms_key_ring.this.id)
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s" # 90 days
  destroy_scheduled_duration = "${var.deletion_window_days * 86400}s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = var.protection_level
  }
}
