# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

output "mlflow" {
  description = "Where the tracking server is."
  value       = module.mlflow.mlflow
}

output "monitoring" {
  description = "Where the servers are."
  value       = module.monitoring.monitoring
}

output "workspaces" {
  description = "Namespaces and their accounts."
  value       = module.workspaces.workspaces
}
