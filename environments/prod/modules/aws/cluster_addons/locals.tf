locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # Controllers stay on the system pool: anywhere else they would keep a training node alive.
  placement = {
    nodeSelector = var.system_pool.node_selector
    tolerations  = [for t in var.system_pool.tolerations : { for k, v in t : k => v if v != null }]
  }
}
