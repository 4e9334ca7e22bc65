output "object_store" {
  value = {
    buckets = { for name, bucket in terraform_data.bucket : name => { name = bucket.output.name, id = bucket.output.name } }
  }
}
