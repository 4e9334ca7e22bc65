output "state_store" {
  description = "What a backend block needs: `bucket` (its name); `kms_key`, the key under which the bucket keeps everything; `log_bucket`: name of the bucket with the access logs, of Cloud Logging or of Cloud Storage."
  value = {
    bucket     = google_storage_bucket.this.name
    kms_key    = google_kms_crypto_key.this.id
    log_bucket = one(concat(google_logging_project_bucket_config.this[*].bucket_id, google_storage_bucket.logs[*].name))
  }
}
