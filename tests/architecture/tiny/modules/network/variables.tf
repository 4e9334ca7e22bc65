variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "cidr" {
  type = string
}

variable "streets" {
  type = number
}

variable "flow_logs" {
  type = object({ retention_days = number, kms_key = string })
}
