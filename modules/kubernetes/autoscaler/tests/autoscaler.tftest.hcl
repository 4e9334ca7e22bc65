# The call shown in README.md.
variables {
  cluster = {
    name    = "fraud-dev"
    version = "1.35"
  }
  region      = "us-east-1"
  system_pool = { node_selector = { "groundplan/pool" = "system" } }
  max_nodes   = 12
}

run "finds_its_cluster" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).autoDiscovery.clusterName == "fraud-dev" && yamldecode(helm_release.autoscaler.values[0]).awsRegion == "us-east-1"
    error_message = "Groups are discovered by the cluster's name."
  }

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).image.tag == "v1.35.1" && output.autoscaler.image_tag == "v1.35.1"
    error_message = "The image matches the Kubernetes minor version."
  }

  assert {
    condition     = helm_release.autoscaler.namespace == "kube-system" && yamldecode(helm_release.autoscaler.values[0]).rbac.serviceAccount.name == "cluster-autoscaler"
    error_message = "The service account is the one the identity is bound to."
  }

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).nodeSelector["groundplan/pool"] == "system"
    error_message = "It runs on the system pool."
  }
}

run "spot_before_on_demand" {
  command = plan

  assert {
    condition     = yamldecode(yamldecode(helm_release.autoscaler.values[0]).expanderPriorities)["20"][0] == "^eks-.*-spot-([a-z0-9]+-az[0-9]+-)?[0-9a-f]{26}-[0-9a-f-]{36}$" && yamldecode(yamldecode(helm_release.autoscaler.values[0]).expanderPriorities)["10"][0] == ".*"
    error_message = "Spot groups have the higher priority."
  }

  assert {
    condition     = alltrue([for end in ["", "use1-az1-"] : can(regex(var.spot_group_pattern, "eks-training-finetune-spot-${end}20261129190050001800000002-44c0a2b1-1111-2222-3333-444455556666")) && !can(regex(var.spot_group_pattern, "eks-training-spot-on-demand-${end}20261129190050001800000002-44c0a2b1-1111-2222-3333-444455556666"))])
    error_message = "The pattern tells spot groups from on-demand groups."
  }

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).extraArgs.expander == "priority,least-waste"
    error_message = "The priority expander comes first."
  }
}

run "goes_down_to_zero_and_not_above_the_bound" {
  command = plan

  variables {
    scale_down = { idle_minutes = 5 }
  }

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).extraArgs.skip-nodes-with-local-storage == "false" && yamldecode(helm_release.autoscaler.values[0]).extraArgs.skip-nodes-with-system-pods == "false"
    error_message = "Neither scratch space nor system pods keep a node."
  }

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).extraArgs.scale-down-unneeded-time == "5m" && yamldecode(helm_release.autoscaler.values[0]).extraArgs.max-nodes-total == "12"
    error_message = "Idle time and bound are the caller's."
  }
}

run "runs_without_rights" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.autoscaler.values[0]).securityContext.runAsNonRoot && yamldecode(helm_release.autoscaler.values[0]).containerSecurityContext.readOnlyRootFilesystem && !yamldecode(helm_release.autoscaler.values[0]).containerSecurityContext.allowPrivilegeEscalation
    error_message = "Not root, read-only, no escalation."
  }
}

run "refuses_unknown_version" {
  command = plan
  variables {
    cluster = { name = "fraud-dev", version = "1.29" }
  }
  expect_failures = [var.cluster]
}

run "refuses_zone_as_region" {
  command = plan
  variables { region = "us-east-1a" }
  expect_failures = [var.region]
}

run "refuses_bad_identity" {
  command = plan
  variables {
    identity = { service_account = "cluster_autoscaler" }
  }
  expect_failures = [var.identity]
}

run "refuses_no_selector" {
  command = plan
  variables {
    system_pool = { node_selector = {} }
  }
  expect_failures = [var.system_pool]
}

run "refuses_0_nodes" {
  command = plan
  variables { max_nodes = 0 }
  expect_failures = [var.max_nodes]
}

run "refuses_no_idle_time" {
  command = plan
  variables {
    scale_down = { idle_minutes = 0 }
  }
  expect_failures = [var.scale_down]
}

run "refuses_percent" {
  command = plan
  variables {
    scale_down = { utilization = 50 }
  }
  expect_failures = [var.scale_down]
}

run "refuses_broken_pattern" {
  command = plan
  variables { spot_group_pattern = "spot-(" }
  expect_failures = [var.spot_group_pattern]
}

run "refuses_version_range" {
  command = plan
  variables { chart_version = "9.x" }
  expect_failures = [var.chart_version]
}
