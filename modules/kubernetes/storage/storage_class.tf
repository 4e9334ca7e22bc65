resource "kubernetes_storage_class_v1" "gp3" {
  metadata {
    name = var.name
    annotations = {
      "storageclass.kubernetes.io/is-default-class" = tostring(var.default_class)
    }
  }

  storage_provisioner = "ebs.csi.aws.com"
  reclaim_policy      = var.reclaim_policy

  # A volume lives in one zone. It is made only once a pod has a node, in that node's zone.
  volume_binding_mode    = "WaitForFirstConsumer"
  allow_volume_expansion = true

  parameters = {
    type                        = "gp3"
    encrypted                   = "true"
    kmsKeyId                    = var.kms_key_arn
    iops                        = tostring(var.performance.iops)
    throughput                  = tostring(var.performance.throughput_mib)
    "csi.storage.k8s.io/fstype" = "ext4"
  }
}
