resource "terraform_data" "network" {
  input = { id = "${var.region}/${var.name}", cidr = var.cidr, streets = var.streets }
}
