output "object_store" {
  description = "`buckets` by the short names of the input: `name` and `id`, on Google Cloud the same; `log_bucket`: the same of the bucket with their access logs."
  value = {
    buckets    = { for key, bucket in google_storage_bucket.this : key => { name = bucket.name, id = bucket.name } }
    log_bucket = { name = google_storage_bucket.logs.name, id = google_storage_bucket.logs.name }
  }
}
