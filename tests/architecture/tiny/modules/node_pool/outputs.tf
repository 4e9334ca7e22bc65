output "node_pool" {
  value = {
    name          = terraform_data.pool.output.name
    node_selector = { "groundplan/pool" = var.name }
    tolerations   = [for taint in var.taints : { key = taint.key, operator = "Equal", value = taint.value, effect = taint.effect }]
  }
}
