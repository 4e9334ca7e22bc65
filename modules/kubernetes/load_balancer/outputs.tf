output "load_balancer" {
  description = "Where the controller runs, and the class of its Ingresses. An Ingress that takes its class from here is deleted before the controller, which has to take its load balancer down."
  value = {
    namespace       = helm_release.controller.namespace
    service_account = var.identity.service_account
    chart_version   = helm_release.controller.version
    ingress_class   = local.ingress_class
    scheme          = var.scheme
  }

  depends_on = [helm_release.controller]
}
