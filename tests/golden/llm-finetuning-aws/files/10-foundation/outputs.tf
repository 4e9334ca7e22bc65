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

output "pool_training_finetune" {
  description = "What workloads need to run on training.pools.finetune."
  value = {
    node_selector   = module.pool_training_finetune.node_pool.node_selector
    tolerations     = module.pool_training_finetune.node_pool.tolerations
    namespace       = "training-finetune"
    service_account = "finetune"
  }
}

output "pool_training_try_out" {
  description = "What workloads need to run on training.pools.try-out."
  value = {
    node_selector   = module.pool_training_try_out.node_pool.node_selector
    tolerations     = module.pool_training_try_out.node_pool.tolerations
    namespace       = "training-try-out"
    service_account = "try-out"
  }
}

output "repositories" {
  description = "Addresses that images are pushed to and pulled from, by repository."
  value       = { for name, repository in module.registry.registry.repositories : name => repository.url }
}
