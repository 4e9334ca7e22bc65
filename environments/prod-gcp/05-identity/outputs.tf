# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

output "roles" {
  description = "What jobs of the pipeline take, by what they do."
  value       = module.ci_identity.ci_identity.roles
}
