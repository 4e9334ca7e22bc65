# A chart of our own beside this file: it needs no registry, and unlike kubernetes_manifest no cluster while planning.
resource "helm_release" "this" {
  name      = "pod-monitoring"
  namespace = var.release_namespace
  chart     = "${path.module}/chart"

  values = [yamlencode({ objects = values(local.objects) })]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5
}
