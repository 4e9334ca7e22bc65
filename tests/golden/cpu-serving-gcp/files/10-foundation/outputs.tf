# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

output "buckets" {
  description = "Names of the buckets in the cloud, by their names in the spec."
  value       = { for name, bucket in module.object_store.object_store.buckets : name => bucket.name }
}

output "cluster_endpoint" {
  description = "Address of its API."
  value       = module.cluster.cluster.endpoint
}

output "cluster_name" {
  description = "Name of the Kubernetes cluster."
  value       = module.cluster.cluster.name
}

output "pool_serving_batch" {
  description = "What workloads need to run on serving.pools.batch."
  value = {
    node_selector   = module.pool_serving_batch.node_pool.node_selector
    tolerations     = module.pool_serving_batch.node_pool.tolerations
    namespace       = "serving-batch"
    service_account = "batch"
  }
}

output "pool_serving_ranker" {
  description = "What workloads need to run on serving.pools.ranker."
  value = {
    node_selector   = module.pool_serving_ranker.node_pool.node_selector
    tolerations     = module.pool_serving_ranker.node_pool.tolerations
    namespace       = "serving-ranker"
    service_account = "ranker"
  }
}

output "repositories" {
  description = "Addresses that images are pushed to and pulled from, by repository."
  value       = { for name, repository in module.registry.registry.repositories : name => repository.url }
}
