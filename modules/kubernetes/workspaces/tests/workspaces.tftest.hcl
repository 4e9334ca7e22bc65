# The call shown in README.md.
variables {
  workspaces = {
    training = {
      service_accounts = ["finetune"]
      max_gpus         = 4
    }
    serving = {
      service_accounts        = ["ranker"]
      pod_security            = "restricted"
      ingress_from_namespaces = ["monitoring"]
    }
  }
  egress = {
    node_services = { "169.254.170.23/32" = 80 }
    servers       = [{ namespace = "mlflow", port = 5000 }]
  }
}

run "namespaces_are_closed" {
  command = plan

  assert {
    condition     = kubernetes_namespace_v1.workspace["training"].metadata[0].labels["pod-security.kubernetes.io/enforce"] == "baseline" && kubernetes_namespace_v1.workspace["serving"].metadata[0].labels["pod-security.kubernetes.io/enforce"] == "restricted"
    error_message = "Pod Security is enforced at the asked level."
  }

  assert {
    condition     = alltrue([for policy in kubernetes_network_policy_v1.default_deny_ingress : policy.spec[0].policy_types == tolist(["Ingress"]) && length(policy.spec[0].ingress) == 0])
    error_message = "Nothing enters unless another policy lets it."
  }

  assert {
    condition     = keys(kubernetes_network_policy_v1.named_namespaces) == ["serving"] && contains(kubernetes_network_policy_v1.named_namespaces["serving"].spec[0].ingress[0].from[0].namespace_selector[0].match_expressions[0].values, "monitoring")
    error_message = "Only the named namespace enters, and only where it is named."
  }

  assert {
    condition     = keys(kubernetes_network_policy_v1.same_namespace) == ["serving", "training"]
    error_message = "Pods of one namespace talk to each other."
  }
}

run "little_leaves" {
  command = plan

  assert {
    condition     = alltrue([for policy in kubernetes_network_policy_v1.egress : policy.spec[0].policy_types == tolist(["Egress"]) && length(policy.spec[0].pod_selector[0].match_labels == null ? {} : policy.spec[0].pod_selector[0].match_labels) == 0])
    error_message = "The policy is for every pod and closes the direction."
  }

  assert {
    condition     = jsonencode([for rule in kubernetes_network_policy_v1.egress["training"].spec[0].egress : [for port in rule.ports : "${port.protocol} ${port.port}"]]) == jsonencode([[], ["UDP 53", "TCP 53"], ["TCP 80"], ["TCP 5000"], ["TCP 443"]])
    error_message = "Every port among its own pods; DNS, identity, MLflow and HTTPS beyond them."
  }

  assert {
    condition     = jsonencode(kubernetes_network_policy_v1.egress["training"].spec[0].egress[4].to[0].ip_block[0]) == jsonencode({ cidr = "0.0.0.0/0", except = ["169.254.0.0/16"] })
    error_message = "No HTTPS to the node's own addresses."
  }

  assert {
    condition     = length(kubernetes_network_policy_v1.egress_to) == 0
    error_message = "No range is open that nobody names."
  }
}

run "named_ranges_are_open" {
  command = plan

  variables {
    workspaces = { training = { egress_to = [{ cidr_block = "10.30.0.0/24", port = 5432 }] }, serving = {} }
    egress     = { https_cidr_blocks = ["199.36.153.8/30"] }
  }

  assert {
    condition     = keys(kubernetes_network_policy_v1.egress_to) == ["training"] && kubernetes_network_policy_v1.egress_to["training"].spec[0].egress[0].to[0].ip_block[0].cidr == "10.30.0.0/24" && kubernetes_network_policy_v1.egress_to["training"].spec[0].egress[0].ports[0].port == "5432"
    error_message = "One range and one port, in the namespace that names them."
  }

  assert {
    condition     = kubernetes_network_policy_v1.egress["serving"].spec[0].egress[2].to[0].ip_block[0].cidr == "199.36.153.8/30" && length(kubernetes_network_policy_v1.egress["serving"].spec[0].egress) == 3
    error_message = "HTTPS goes where it is said, and nothing else is open."
  }
}

run "https_can_be_closed" {
  command = plan

  variables {
    egress = { https_cidr_blocks = [] }
  }

  assert {
    condition     = length(kubernetes_network_policy_v1.egress["serving"].spec[0].egress) == 2
    error_message = "Its own pods and DNS are left."
  }
}

run "refuses_the_world_as_range" {
  command = plan
  variables {
    workspaces = { training = { egress_to = [{ cidr_block = "0.0.0.0/0", port = 22 }] } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_instance_metadata_as_range" {
  command = plan
  variables {
    workspaces = { training = { egress_to = [{ cidr_block = "169.254.169.254/32", port = 80 }] } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_node_services_elsewhere" {
  command = plan
  variables {
    egress = { node_services = { "10.0.0.0/8" = 80 } }
  }
  expect_failures = [var.egress]
}

run "refuses_port_zero" {
  command = plan
  variables {
    egress = { servers = [{ namespace = "mlflow", port = 0 }] }
  }
  expect_failures = [var.egress]
}

run "refuses_servers_in_any_namespace" {
  command = plan
  variables {
    egress = { servers = [{ namespace = "*", port = 5000 }] }
  }
  expect_failures = [var.egress]
}

run "refuses_half_the_world_by_https" {
  command = plan
  variables {
    egress = { https_cidr_blocks = ["128.0.0.0/1"] }
  }
  expect_failures = [var.egress]
}

run "accounts_have_no_token" {
  command = plan

  assert {
    condition     = keys(kubernetes_service_account_v1.workload) == ["serving/ranker", "training/finetune"]
    error_message = "One service account for each workload."
  }

  assert {
    condition     = alltrue([for account in kubernetes_service_account_v1.workload : !account.automount_service_account_token]) && alltrue([for account in kubernetes_default_service_account_v1.workspace : !account.automount_service_account_token])
    error_message = "No account mounts its token."
  }
}

run "requests_and_quota" {
  command = plan

  assert {
    condition     = kubernetes_limit_range_v1.workspace["training"].spec[0].limit[0].default_request["memory"] == "256Mi"
    error_message = "A container that says nothing is counted."
  }

  assert {
    condition     = keys(kubernetes_resource_quota_v1.gpus) == ["training"] && kubernetes_resource_quota_v1.gpus["training"].spec[0].hard["requests.nvidia.com/gpu"] == "4"
    error_message = "GPUs are limited where a limit is given."
  }
}

run "refuses_system_namespace" {
  command = plan
  variables {
    workspaces = { kube-system = {} }
  }
  expect_failures = [var.workspaces]
}

run "refuses_default_account" {
  command = plan
  variables {
    workspaces = { training = { service_accounts = ["default"] } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_privileged" {
  command = plan
  variables {
    workspaces = { training = { pod_security = "privileged" } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_negative_gpus" {
  command = plan
  variables {
    workspaces = { training = { max_gpus = -1 } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_bad_ingress_namespace" {
  command = plan
  variables {
    workspaces = { training = { ingress_from_namespaces = ["*"] } }
  }
  expect_failures = [var.workspaces]
}

run "refuses_bad_request" {
  command = plan
  variables {
    default_requests = { memory = "256M" }
  }
  expect_failures = [var.default_requests]
}

run "a_collector_reaches_metrics_only" {
  command = plan

  variables {
    workspaces = { serving = { metrics_cidr_blocks = ["10.20.0.0/19", "10.20.32.0/19"] }, training = {} }
  }

  assert {
    condition     = keys(kubernetes_network_policy_v1.collectors) == ["serving"]
    error_message = "only the namespace that names ranges is opened"
  }

  assert {
    condition     = kubernetes_network_policy_v1.collectors["serving"].spec[0].ingress[0].ports[0].port == "metrics"
    error_message = "the ranges reach ports named metrics, nothing else"
  }

  assert {
    condition     = [for from in kubernetes_network_policy_v1.collectors["serving"].spec[0].ingress[0].from : from.ip_block[0].cidr] == ["10.20.0.0/19", "10.20.32.0/19"]
    error_message = "both ranges are let in"
  }
}

run "refuses_the_world_as_collector" {
  command = plan

  variables {
    workspaces = { training = { metrics_cidr_blocks = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.workspaces]
}
