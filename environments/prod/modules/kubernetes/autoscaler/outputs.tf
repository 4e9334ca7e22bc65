output "autoscaler" {
  description = "Where the autoscaler runs, and its versions."
  value = {
    namespace       = helm_release.autoscaler.namespace
    service_account = var.identity.service_account
    chart_version   = helm_release.autoscaler.version
    image_tag       = local.image_tags[var.cluster.version]
  }
}
