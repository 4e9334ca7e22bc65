output "storage" {
  description = "The class that claims name."
  value = {
    class          = kubernetes_storage_class_v1.gp3.metadata[0].name
    reclaim_policy = kubernetes_storage_class_v1.gp3.reclaim_policy
  }
}
