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

output "pool_serving_api" {
  description = "What workloads need to run on serving.pools.api."
  value = {
    node_selector   = module.pool_serving_api.node_pool.node_selector
    tolerations     = module.pool_serving_api.node_pool.tolerations
    namespace       = "serving-api"
    service_account = "api"
  }
}

output "pool_training_gpu" {
  description = "What workloads need to run on training.pools.gpu."
  value = {
    node_selector   = module.pool_training_gpu.node_pool.node_selector
    tolerations     = module.pool_training_gpu.node_pool.tolerations
    namespace       = "training-gpu"
    service_account = "gpu"
  }
}

output "pool_training_jobs" {
  description = "What workloads need to run on training.pools.jobs."
  value = {
    node_selector   = module.pool_training_jobs.node_pool.node_selector
    tolerations     = module.pool_training_jobs.node_pool.tolerations
    namespace       = "training-jobs"
    service_account = "jobs"
  }
}
