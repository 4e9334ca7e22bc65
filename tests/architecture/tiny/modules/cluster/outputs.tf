output "cluster" {
  value = { name = terraform_data.cluster.output.name, endpoint = "https://cluster.example.com" }
}
