variable "kms_key" {
  type = string
}

variable "access_log_bucket" {
  type = string
}

variable "buckets" {
  type = map(object({ bucket = string, versioning = bool, noncurrent_days = number }))
}

resource "terraform_data" "bucket" {
  for_each = var.buckets

  input = { name = each.value.bucket, key = var.kms_key, log = var.access_log_bucket }
}

output "object_store" {
  value = {
    buckets = { for name, bucket in terraform_data.bucket : name => { name = bucket.output.name, id = bucket.output.name } }
  }
}
