resource "helm_release" "autoscaler" {
  name       = "cluster-autoscaler"
  namespace  = var.identity.namespace
  repository = "https://kubernetes.github.io/autoscaler"
  chart      = "cluster-autoscaler"
  version    = var.chart_version

  values = [yamlencode(local.values)]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5
}
