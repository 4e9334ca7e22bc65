run "gpu_nodes_only" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.device_plugin.values[0]).nodeSelector["nvidia.com/gpu.present"] == "true"
    error_message = "The plugin selects nodes that have GPUs."
  }

  assert {
    condition     = jsonencode(yamldecode(helm_release.device_plugin.values[0]).tolerations) == jsonencode([{ operator = "Exists" }])
    error_message = "The plugin tolerates every taint."
  }

  assert {
    condition     = yamldecode(helm_release.device_plugin.values[0]).priorityClassName == "system-node-critical"
    error_message = "The plugin is evicted last."
  }

  assert {
    condition     = jsonencode(yamldecode(helm_release.device_plugin.values[0]).securityContext) == jsonencode({ capabilities = { add = ["SYS_ADMIN"] } })
    error_message = "The plugin gets the driver whatever the node image asks of unprivileged containers, and is not privileged."
  }

  assert {
    condition     = helm_release.device_plugin.version == "0.20.0" && length(helm_release.device_plugin.values) == 1
    error_message = "The chart is pinned and GPUs are not shared by default."
  }
}

# The call shown in README.md.
run "shared_gpus" {
  command = plan

  variables {
    pods_per_gpu = [4, 8]
  }

  assert {
    condition     = { for name, text in yamldecode(helm_release.device_plugin.values[1]).config.map : name => try(yamldecode(text).sharing.timeSlicing.resources[0].replicas, 1) } == { alone = 1, shared-4 = 4, shared-8 = 8 }
    error_message = "Four or eight pods share a GPU where a node says so."
  }

  assert {
    condition     = yamldecode(helm_release.device_plugin.values[1]).config.default == "alone" && output.gpu_plugin.pods_per_gpu == toset([4, 8]) && output.gpu_plugin.resource_name == "nvidia.com/gpu"
    error_message = "The output says how GPUs are shared."
  }
}

run "refuses_bad_namespace" {
  command = plan
  variables { namespace = "Kube System" }
  expect_failures = [var.namespace]
}

run "refuses_version_range" {
  command = plan
  variables { chart_version = "~0.20" }
  expect_failures = [var.chart_version]
}

run "refuses_no_selector" {
  command = plan
  variables {
    node_selector = {}
  }
  expect_failures = [var.node_selector]
}

run "refuses_half_a_pod" {
  command = plan
  variables { pods_per_gpu = [1.5] }
  expect_failures = [var.pods_per_gpu]
}
