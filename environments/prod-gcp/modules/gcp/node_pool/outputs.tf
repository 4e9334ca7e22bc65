output "node_pool" {
  description = "The pool: its GKE node pools, what workloads put into nodeSelector and tolerations to land on it, and the service account of its nodes."
  value = {
    name             = var.name
    node_group_names = [for pool in google_container_node_pool.this : pool.name]
    labels           = local.labels
    taints           = local.taints
    node_selector    = local.node_selector
    tolerations      = local.tolerations
    service_account  = var.cluster.node_service_account
  }
}
