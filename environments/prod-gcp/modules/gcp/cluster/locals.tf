locals {
  # The id is the one attribute that is always filled in: projects/<project>.
  project       = trimprefix(data.google_project.this.id, "projects/")
  location      = var.location == "regional" ? var.region : var.zones[0]
  workload_pool = "${local.project}.svc.id.goog"
  public        = length(var.public_endpoint_cidrs) > 0

  # Everything but the system's own metrics is billed by the sample. What alerts look at, and no more: the API server,
  # the kubelet and cAdvisor would bring ten times as many.
  metrics = concat(["SYSTEM_COMPONENTS"], var.managed_prometheus ? ["SCHEDULER", "DEPLOYMENT", "DCGM"] : [])

  # Every log that GKE and the workloads write names its cluster.
  log_filter = join(" AND ", [
    "resource.type=(\"k8s_control_plane_component\" OR \"k8s_cluster\" OR \"k8s_node\" OR \"k8s_pod\" OR \"k8s_container\")",
    "resource.labels.cluster_name=\"${var.name}\"",
    "resource.labels.location=\"${local.location}\"",
  ])
}
