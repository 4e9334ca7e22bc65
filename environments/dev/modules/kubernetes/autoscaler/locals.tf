locals {
  # The autoscaler simulates the scheduler of one minor version, so it has to match the cluster's.
  image_tags = {
    "1.32" = "v1.32.5"
    "1.33" = "v1.33.5"
    "1.34" = "v1.34.4"
    "1.35" = "v1.35.1"
    "1.36" = "v1.36.1"
  }

  values = {
    fullnameOverride = "cluster-autoscaler"
    cloudProvider    = "aws"
    awsRegion        = var.region
    autoDiscovery    = { clusterName = var.cluster.name }
    image            = { tag = local.image_tags[var.cluster.version] }

    rbac = {
      serviceAccount = { name = var.identity.service_account }
    }

    # Text, because the file needs whole numbers as keys. The highest number wins.
    expanderPriorities = <<-EOT
      20:
        - ${var.spot_group_pattern}
      10:
        - .*
    EOT

    # All text: the chart leaves out what it takes for empty, and prints large numbers with an exponent.
    extraArgs = {
      # Among groups of one priority, the one that leaves least idle. A spot group without capacity is left
      # out for a while after max-node-provision-time, and the on-demand group gets its turn.
      expander                = "priority,least-waste"
      max-node-provision-time = "10m"
      max-nodes-total         = tostring(var.max_nodes)
      # Pools with a group in each zone grow evenly; a pod with a volume still gets its node in the volume's zone.
      balance-similar-node-groups = "true"

      scale-down-unneeded-time             = "${var.scale_down.idle_minutes}m"
      scale-down-utilization-threshold     = tostring(var.scale_down.utilization)
      scale-down-gpu-utilization-threshold = tostring(var.scale_down.utilization)

      # With the defaults one emptyDir, such as the /dev/shm of a training pod, or one system pod keeps a
      # GPU node running for ever.
      skip-nodes-with-local-storage = "false"
      skip-nodes-with-system-pods   = "false"

      logtostderr     = "true"
      stderrthreshold = "info"
      v               = "4"
    }

    # Two replicas, one of which leads: the loss of a node does not stop scaling.
    replicaCount        = 2
    podDisruptionBudget = { maxUnavailable = 1 }
    priorityClassName   = "system-cluster-critical"
    nodeSelector        = var.system_pool.node_selector
    tolerations         = [for t in var.system_pool.tolerations : { for k, v in t : k => v if v != null }]

    topologySpreadConstraints = [{
      maxSkew           = 1
      topologyKey       = "kubernetes.io/hostname"
      whenUnsatisfiable = "ScheduleAnyway"
      labelSelector     = { matchLabels = { "app.kubernetes.io/instance" = "cluster-autoscaler" } }
    }]

    resources = {
      requests = { cpu = "100m", memory = "300Mi" }
      limits   = { memory = "600Mi" }
    }

    securityContext = {
      runAsNonRoot   = true
      runAsUser      = 65534
      runAsGroup     = 65534
      fsGroup        = 65534
      seccompProfile = { type = "RuntimeDefault" }
    }

    containerSecurityContext = {
      allowPrivilegeEscalation = false
      readOnlyRootFilesystem   = true
      capabilities             = { drop = ["ALL"] }
    }
  }
}
