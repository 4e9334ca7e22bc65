output "keys" {
  value = { for purpose, key in terraform_data.key : purpose => { id = key.output } }
}
