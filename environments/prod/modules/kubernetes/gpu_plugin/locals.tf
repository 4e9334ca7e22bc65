locals {
  # A pod that asks for two shares would not get twice the GPU, so asking is an error.
  time_slicing = {
    for pods in var.pods_per_gpu : "shared-${pods}" => yamlencode({
      version = "v1"
      sharing = {
        timeSlicing = {
          failRequestsGreaterThanOne = true
          resources                  = [{ name = "nvidia.com/gpu", replicas = pods }]
        }
      }
    })
  }

  values = {
    nodeSelector = var.node_selector

    # Every taint: a GPU node without the plugin has no GPUs to offer, whatever else it is reserved for.
    tolerations = [{ operator = "Exists" }]

    # Evicted last when a node runs out of memory.
    priorityClassName = "system-node-critical"

    # Some node images give the driver only to containers with this capability; without the driver the plugin
    # restarts for ever and the node offers no GPU. The chart adds it by itself as soon as it has a config.
    # https://github.com/awslabs/amazon-eks-ami/issues/2706
    securityContext = { capabilities = { add = ["SYS_ADMIN"] } }

    resources = {
      requests = { cpu = "10m", memory = "64Mi" }
      limits   = { memory = "256Mi" }
    }
  }

  sharing_values = {
    config = {
      map     = merge({ alone = yamlencode({ version = "v1" }) }, local.time_slicing)
      default = "alone"
    }
  }
}
