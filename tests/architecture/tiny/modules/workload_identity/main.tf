resource "terraform_data" "identity" {
  for_each = var.identities

  input = { cluster = var.cluster_name, reads = each.value.reads, writes = each.value.writes }
}
