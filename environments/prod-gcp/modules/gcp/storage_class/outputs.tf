output "storage_class" {
  description = "The class, for a claim's `storageClassName`, and its key."
  value = {
    name    = kubernetes_storage_class_v1.this.metadata[0].name
    kms_key = var.kms_key
  }
}
