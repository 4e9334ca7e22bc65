output "network" {
  value = terraform_data.network.output
}
