# GKE's own default does not use our key. With two defaults Kubernetes takes the newer, which after an upgrade
# of GKE need not be ours; so there is one.
resource "kubernetes_annotations" "gke_default" {
  api_version = "storage.k8s.io/v1"
  kind        = "StorageClass"
  annotations = { "storageclass.kubernetes.io/is-default-class" = "false" }
  # The annotation belongs to GKE's add-on manager, which sets it once and leaves changes alone.
  force = true

  metadata {
    name = "standard-rwo"
  }
}

resource "kubernetes_storage_class_v1" "this" {
  storage_provisioner    = "pd.csi.storage.gke.io"
  reclaim_policy         = var.reclaim_policy
  allow_volume_expansion = true

  # A volume lives in one zone, so it is made only once a node for the pod is chosen.
  volume_binding_mode = "WaitForFirstConsumer"

  parameters = {
    type                    = var.disk_type
    disk-encryption-kms-key = var.kms_key
  }

  metadata {
    name        = var.name
    annotations = { "storageclass.kubernetes.io/is-default-class" = "true" }
  }

  depends_on = [kubernetes_annotations.gke_default]
}
