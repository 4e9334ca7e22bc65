resource "terraform_data" "bucket" {
  for_each = var.buckets

  input = { name = each.value.bucket, key = var.kms_key, log = var.access_log_bucket }
}
