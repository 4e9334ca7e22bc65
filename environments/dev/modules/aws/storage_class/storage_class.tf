# By alias, because the key is made in another root.
data "aws_kms_alias" "volumes" {
  name = var.kms_key_alias
}

resource "kubernetes_storage_class_v1" "this" {
  storage_provisioner    = "ebs.csi.aws.com"
  reclaim_policy         = var.reclaim_policy
  allow_volume_expansion = true

  # A volume lives in one zone, so it is made only once a node for the pod is chosen.
  volume_binding_mode = "WaitForFirstConsumer"

  parameters = {
    type      = "gp3"
    encrypted = "true"
    kmsKeyId  = data.aws_kms_alias.volumes.target_key_arn
  }

  metadata {
    name = var.name

    # EKS names no default: a claim without a class would wait for ever.
    annotations = { "storageclass.kubernetes.io/is-default-class" = "true" }
  }
}
