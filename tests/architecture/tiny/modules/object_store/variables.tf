variable "kms_key" {
  type = string
}

variable "access_log_bucket" {
  type = string
}

variable "buckets" {
  type = map(object({ bucket = string, versioning = bool, noncurrent_days = number }))
}
