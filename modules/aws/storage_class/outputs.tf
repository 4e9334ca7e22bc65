output "storage_class" {
  description = "The class, for a claim's `storageClassName`, and its key."
  value = {
    name    = kubernetes_storage_class_v1.this.metadata[0].name
    kms_key = data.aws_kms_alias.volumes.target_key_arn
  }
}
