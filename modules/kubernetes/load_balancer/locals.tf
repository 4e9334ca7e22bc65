locals {
  ingress_class = "alb"

  values = {
    fullnameOverride = "aws-load-balancer-controller"
    clusterName      = var.cluster.name
    region           = var.region
    vpcId            = var.vpc_id
    serviceAccount   = { name = var.identity.service_account }

    # The scheme of the class wins over annotations of an Ingress.
    ingressClass               = local.ingress_class
    createIngressClassResource = true
    ingressClassConfig         = { default = false }
    ingressClassParams = {
      create = true
      name   = local.ingress_class
      spec   = { scheme = var.scheme }
    }

    # Straight to the pods, which have addresses of the VPC: no port is opened on nodes.
    defaultTargetType = "ip"
    defaultSSLPolicy  = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    defaultTags       = var.tags

    # Each needs rights that the role does not have, and with them on but not allowed no load balancer is finished.
    enableShield = false
    enableWaf    = false
    enableWafv2  = false

    # With the controller away, everything else goes on. Its webhooks would otherwise stand in the way of every new
    # Service and Ingress, and of pods in namespaces that ask for readiness gates. What the Ingress webhook would have
    # refused becomes an event of the Ingress.
    enableServiceMutatorWebhook = false
    webhookConfig               = { ingressValdationFailurePolicy = "Ignore" } # spelt as the chart has it
    podMutatorWebhookConfig     = { failurePolicy = "Ignore" }

    # The chart makes the webhooks' certificate inside the cluster, good for ten years, and since 3.0 a new one at every
    # upgrade unless told to keep it, which pods of the previous version do not serve.
    # https://github.com/kubernetes-sigs/aws-load-balancer-controller/pull/4581
    enableCertManager = false
    keepTLSSecret     = true

    # Two replicas, one of which leads; the chart keeps them on different nodes when it can.
    replicaCount             = 2
    configureDefaultAffinity = true
    podDisruptionBudget      = { maxUnavailable = 1 }
    priorityClassName        = "system-cluster-critical"
    nodeSelector             = var.system_pool.node_selector
    tolerations              = [for t in var.system_pool.tolerations : { for k, v in t : k => v if v != null }]

    resources = {
      requests = { cpu = "100m", memory = "128Mi" }
      limits   = { memory = "512Mi" }
    }

    podSecurityContext = {
      fsGroup        = 65534
      seccompProfile = { type = "RuntimeDefault" }
    }

    securityContext = {
      runAsNonRoot             = true
      allowPrivilegeEscalation = false
      readOnlyRootFilesystem   = true
      capabilities             = { drop = ["ALL"] }
    }
  }
}
