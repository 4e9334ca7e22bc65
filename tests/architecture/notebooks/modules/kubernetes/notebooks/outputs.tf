output "notebooks" {
  description = "Where the servers are."
  value       = { namespace = helm_release.this.namespace }
}
