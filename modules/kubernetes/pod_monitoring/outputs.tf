output "pod_monitoring" {
  description = "What is scraped, `<namespace>/<name>`, and the namespace that scrapes, which network policies have to let in."
  value = {
    objects              = sort(keys(local.objects))
    collectors_namespace = "gke-gmp-system"
    release              = helm_release.this.name
  }
}
