# Who compares the environment with its state reads each object by its name. Discovery and the version are open to everybody who is let in.
# https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
resource "kubernetes_cluster_role_v1" "this" {
  metadata {
    name = local.name
  }

  dynamic "rule" {
    for_each = local.objects

    content {
      api_groups = [rule.key]
      resources  = rule.value
      verbs      = ["get"]
    }
  }
}

resource "kubernetes_cluster_role_binding_v1" "this" {
  metadata {
    name = local.name
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = kubernetes_cluster_role_v1.this.metadata[0].name
  }

  subject {
    api_group = "rbac.authorization.k8s.io"
    kind      = var.reader.kind
    name      = var.reader.name
  }
}

# Helm keeps a release in Secrets, which it finds by their labels; RBAC knows neither labels nor types, so all Secrets of the namespace are read.
# https://helm.sh/docs/topics/advanced/#storage-backends
resource "kubernetes_role_v1" "releases" {
  for_each = var.release_namespaces

  metadata {
    name      = "${local.name}-releases"
    namespace = each.value
  }

  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get", "list"]
  }
}

resource "kubernetes_role_binding_v1" "releases" {
  for_each = kubernetes_role_v1.releases

  metadata {
    name      = "${local.name}-releases"
    namespace = each.key
  }

  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = each.value.metadata[0].name
  }

  subject {
    api_group = "rbac.authorization.k8s.io"
    kind      = var.reader.kind
    name      = var.reader.name
  }
}
