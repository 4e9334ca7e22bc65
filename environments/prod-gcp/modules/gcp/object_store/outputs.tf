output "object_store" {
  description = "`buckets` by the short names of the input: `name` and `id`, on Google Cloud the same; `log_bucket`: the same of the bucket with their access logs, in Cloud Logging or in Cloud Storage; `log_filter`: which log entries have that bucket, null with usage logs."
  value = {
    buckets = { for key, bucket in google_storage_bucket.this : key => { name = bucket.name, id = bucket.name } }
    log_bucket = {
      name = var.access_log_bucket
      id   = one(concat(google_logging_project_bucket_config.this[*].id, google_storage_bucket.logs[*].name))
    }
    log_filter = var.access_logs == "audit" ? local.log_filter : null
  }
}
