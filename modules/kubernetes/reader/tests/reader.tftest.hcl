variables {
  reader = { kind = "Group", name = "groundplan:drift" }
  objects = {
    ""                          = ["namespaces", "serviceaccounts"]
    "networking.k8s.io"         = ["networkpolicies"]
    "rbac.authorization.k8s.io" = ["roles"]
  }
  release_namespaces = ["kube-system"]
}

run "readme_example" {
  command = plan

  assert {
    condition     = alltrue([for rule in kubernetes_cluster_role_v1.this.rule : toset(rule.verbs) == toset(["get"]) && !contains(rule.resources, "secrets")])
    error_message = "objects by their names, and no secrets"
  }

  assert {
    condition     = output.reader.objects["rbac.authorization.k8s.io"] == tolist(["clusterrolebindings", "clusterroles", "rolebindings", "roles"])
    error_message = "its own objects are read back, once each"
  }

  assert {
    condition     = kubernetes_cluster_role_binding_v1.this.subject[0].kind == "Group" && kubernetes_cluster_role_binding_v1.this.subject[0].name == "groundplan:drift"
    error_message = "the reader and nobody else"
  }
}

run "secrets_of_releases" {
  command = plan

  assert {
    condition     = keys(kubernetes_role_v1.releases) == ["kube-system"] && kubernetes_role_v1.releases["kube-system"].rule[0].verbs == toset(["get", "list"])
    error_message = "where Helm keeps releases alone"
  }

  assert {
    condition     = kubernetes_role_binding_v1.releases["kube-system"].metadata[0].namespace == "kube-system" && kubernetes_role_binding_v1.releases["kube-system"].role_ref[0].kind == "Role"
    error_message = "within the namespace"
  }
}

run "an_account_of_google" {
  command = plan

  variables {
    reader             = { kind = "User", name = "fraud-dev-ci-drift@acme-ml.iam.gserviceaccount.com" }
    release_namespaces = []
  }

  assert {
    condition     = kubernetes_cluster_role_binding_v1.this.subject[0].name == "fraud-dev-ci-drift@acme-ml.iam.gserviceaccount.com" && length(kubernetes_role_v1.releases) == 0
    error_message = "without releases no secrets"
  }
}

run "rejects_group_of_kubernetes" {
  command = plan

  variables {
    reader = { kind = "Group", name = "system:masters" }
  }

  expect_failures = [var.reader]
}

run "rejects_secrets_everywhere" {
  command = plan

  variables {
    objects = { "" = ["secrets"] }
  }

  expect_failures = [var.objects]
}

run "rejects_namespace_with_wildcard" {
  command = plan

  variables {
    release_namespaces = ["*"]
  }

  expect_failures = [var.release_namespaces]
}
