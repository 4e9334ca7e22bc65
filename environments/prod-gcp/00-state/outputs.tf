# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

output "bucket" {
  description = "Name of the state bucket."
  value       = module.state_store.state_store.bucket
}
