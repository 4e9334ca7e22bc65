resource "terraform_data" "key" {
  for_each = toset(var.purposes)

  input = "${var.name}/${each.value}"
}
