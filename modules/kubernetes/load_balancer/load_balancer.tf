resource "helm_release" "controller" {
  name       = "aws-load-balancer-controller"
  namespace  = var.identity.namespace
  repository = "https://aws.github.io/eks-charts"
  chart      = "aws-load-balancer-controller"
  version    = var.chart_version

  values = [yamlencode(local.values)]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5
}
