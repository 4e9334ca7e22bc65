variable "name" {
  type = string
}

variable "purposes" {
  type = list(string)
}

resource "terraform_data" "key" {
  for_each = toset(var.purposes)

  input = "${var.name}/${each.value}"
}

output "keys" {
  value = { for purpose, key in terraform_data.key : purpose => { id = key.output } }
}
