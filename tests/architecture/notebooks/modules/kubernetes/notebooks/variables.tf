variable "image" {
  description = "Image of the servers."
  type        = string
  nullable    = false
}

variable "bucket" {
  description = "Bucket that they write to."
  type        = string
  nullable    = false
}
