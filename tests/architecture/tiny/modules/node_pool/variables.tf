variable "name" {
  type = string
}

variable "cluster" {
  type = object({ name = string })
}

variable "network" {
  type = object({ id = string })
}

variable "architecture" {
  type = string
}

variable "capacity" {
  type = string
}

variable "instance_types" {
  type = list(string)
}

variable "nodes" {
  type = object({ min = number, max = number })
}

variable "disk" {
  type = object({ size_gib = number, kms_key = string })
}

variable "tags" {
  type = map(string)
}

variable "gpu" {
  type    = object({ count = number, model = string })
  default = null
}

variable "taints" {
  type    = list(object({ key = string, value = string, effect = string }))
  default = []
}
