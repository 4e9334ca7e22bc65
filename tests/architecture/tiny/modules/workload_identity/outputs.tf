output "workload_identity" {
  value = keys(terraform_data.identity)
}
