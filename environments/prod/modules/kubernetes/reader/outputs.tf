output "reader" {
  description = "What is read: `objects` by API group everywhere, and `release_namespaces`, of which Secrets, too."
  value = {
    objects            = local.objects
    release_namespaces = sort(var.release_namespaces)
  }
}
