resource "terraform_data" "cluster" {
  input = { name = var.name, version = var.kubernetes_version, network = var.network.id, key = var.secrets_kms_key }
}
