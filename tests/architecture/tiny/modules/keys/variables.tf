variable "name" {
  type = string
}

variable "purposes" {
  type = list(string)
}
