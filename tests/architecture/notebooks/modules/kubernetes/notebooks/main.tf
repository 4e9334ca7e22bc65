resource "helm_release" "this" {
  name             = "notebooks"
  namespace        = "notebooks"
  create_namespace = true
  repository       = "https://charts.example.com"
  chart            = "notebooks"
  version          = "1.2.3"

  values = [yamlencode({ image = var.image, bucket = var.bucket })]
}
