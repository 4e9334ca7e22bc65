resource "terraform_data" "pool" {
  input = { name = var.name, cluster = var.cluster.name, types = var.instance_types, gpu = var.gpu }
}
