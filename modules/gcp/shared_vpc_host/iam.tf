resource "google_compute_subnetwork_iam_member" "users" {
  for_each = local.network_users

  project    = local.host_project
  region     = local.region
  subnetwork = local.subnetwork
  role       = "roles/compute.networkUser"
  member     = each.value
}

# GKE reads the network's settings in the host project under this role.
resource "google_project_iam_member" "gke" {
  count = var.cluster == null ? 0 : 1

  project = local.host_project
  role    = "roles/container.hostServiceAgentUser"
  member  = local.gke
}

# Cloud Run looks the network up.
resource "google_project_iam_member" "cloud_run" {
  count = var.serverless ? 1 : 0

  project = local.host_project
  role    = "roles/compute.networkViewer"
  member  = local.cloud_run
}
