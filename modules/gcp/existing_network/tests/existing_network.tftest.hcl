# Plans only, with the network made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_compute_network.this
  values = { name = "shared" }
}

override_data {
  target = data.google_compute_subnetwork.nodes
  values = {
    ip_cidr_range            = "10.8.0.0/20"
    private_ip_google_access = true
    secondary_ip_range = [
      { range_name = "pods", ip_cidr_range = "10.12.0.0/14" },
      { range_name = "services", ip_cidr_range = "10.8.16.0/20" },
      { range_name = "other", ip_cidr_range = "10.16.0.0/14" },
    ]
  }
}

variables {
  id                 = "projects/acme-network-host/global/networks/shared"
  private_subnet_ids = ["projects/acme-network-host/regions/us-central1/subnetworks/ml-nodes"]
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.network.id == "projects/acme-network-host/global/networks/shared" && output.network.project == "acme-network-host" && output.network.name == "shared" && output.network.region == "us-central1"
    error_message = "the network is the host project's"
  }

  assert {
    condition     = output.network.subnetwork_id == "projects/acme-network-host/regions/us-central1/subnetworks/ml-nodes" && output.network.subnetwork_name == "ml-nodes" && output.network.cidr == "10.8.0.0/20"
    error_message = "the subnet is looked up"
  }

  assert {
    condition     = output.network.pods_cidr == "10.12.0.0/14" && output.network.services_cidr == "10.8.16.0/20"
    error_message = "secondary ranges are found by name"
  }

  assert {
    condition     = output.network.private_services == null && length(output.network.nat_public_ips) == 0 && output.network.proxies_cidr == null
    error_message = "what the owner runs is not known here"
  }

  assert {
    condition     = data.google_compute_subnetwork.nodes.project == "acme-network-host" && data.google_compute_network.this.project == "acme-network-host"
    error_message = "lookups go to the host project, not to the environment's"
  }
}

run "self_link" {
  command = plan

  variables {
    private_subnet_ids = ["https://www.googleapis.com/compute/v1/projects/acme-network-host/regions/us-central1/subnetworks/ml-nodes"]
    pods_range         = "other"
    private_services   = "google-managed"
  }

  assert {
    condition     = output.network.private_subnet_ids == ["projects/acme-network-host/regions/us-central1/subnetworks/ml-nodes"]
    error_message = "a self link is read too, and given on in the short form"
  }

  assert {
    condition     = output.network.pods_range == "other" && output.network.pods_cidr == "10.16.0.0/14" && output.network.private_services == "google-managed"
    error_message = "ranges have the names that the owner gave them"
  }
}

run "rejects_subnet_without_google_access" {
  command = plan

  override_data {
    target = data.google_compute_subnetwork.nodes
    values = {
      ip_cidr_range            = "10.8.0.0/20"
      private_ip_google_access = false
      secondary_ip_range = [
        { range_name = "pods", ip_cidr_range = "10.12.0.0/14" },
        { range_name = "services", ip_cidr_range = "10.8.16.0/20" },
      ]
    }
  }

  expect_failures = [data.google_compute_subnetwork.nodes]
}

run "rejects_range_that_is_not_there" {
  command = plan

  variables {
    pods_range = "gke-pods"
  }

  expect_failures = [data.google_compute_subnetwork.nodes]
}

run "rejects_bare_name" {
  command = plan

  variables {
    id = "shared"
  }

  expect_failures = [var.id]
}

run "rejects_default_network" {
  command = plan

  variables {
    id = "projects/acme-network-host/global/networks/default"
  }

  expect_failures = [var.id]
}

run "rejects_two_subnets" {
  command = plan

  variables {
    private_subnet_ids = [
      "projects/acme-network-host/regions/us-central1/subnetworks/ml-nodes",
      "projects/acme-network-host/regions/us-central1/subnetworks/ml-more",
    ]
  }

  expect_failures = [var.private_subnet_ids]
}

run "rejects_subnet_name" {
  command = plan

  variables {
    private_subnet_ids = ["ml/acme-network-host/nodes"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "rejects_subnet_of_another_project" {
  command = plan

  variables {
    private_subnet_ids = ["projects/acme-ml/regions/us-central1/subnetworks/ml-nodes"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "rejects_pods_range" {
  command = plan

  variables {
    pods_range = "Pods"
  }

  expect_failures = [var.pods_range]
}

run "rejects_services_range" {
  command = plan

  variables {
    services_range = "10.8.16.0/20"
  }

  expect_failures = [var.services_range]
}

run "rejects_one_range_for_both" {
  command = plan

  variables {
    services_range = "pods"
  }

  expect_failures = [var.services_range]
}

run "rejects_private_services" {
  command = plan

  variables {
    private_services = "10.9.0.0/20"
  }

  expect_failures = [var.private_services]
}
