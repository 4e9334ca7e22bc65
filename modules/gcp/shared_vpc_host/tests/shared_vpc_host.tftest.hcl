# Plans only, with the projects made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-host"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.service
  values = { number = "111122223333" }
}

override_data {
  target = data.google_compute_subnetwork.this
  values = {
    ip_cidr_range = "10.30.0.0/22"
    secondary_ip_range = [
      { range_name = "pods", ip_cidr_range = "10.32.0.0/16", reserved_internal_range = "" },
      { range_name = "services", ip_cidr_range = "10.31.0.0/20", reserved_internal_range = "" },
    ]
  }
}

variables {
  name            = "fraud-dev"
  service_project = "fraud-dev-4711"
  network = {
    id            = "projects/acme-host/global/networks/shared"
    subnetwork_id = "projects/acme-host/regions/us-central1/subnetworks/ml"
  }
  cluster = { pods_range = "pods", services_range = "services" }
}

run "a_cluster" {
  command = plan

  assert {
    condition = { for who, grant in google_compute_subnetwork_iam_member.users : who => grant.member } == {
      google_apis = "serviceAccount:111122223333@cloudservices.gserviceaccount.com"
      gke         = "serviceAccount:service-111122223333@container-engine-robot.iam.gserviceaccount.com"
    }
    error_message = "GKE and what makes its nodes use the subnet"
  }

  assert {
    condition     = alltrue([for grant in google_compute_subnetwork_iam_member.users : grant.role == "roles/compute.networkUser" && grant.subnetwork == "ml" && grant.project == "acme-host"])
    error_message = "that subnet, and no other"
  }

  assert {
    condition     = google_project_iam_member.gke[0].role == "roles/container.hostServiceAgentUser" && google_project_iam_member.gke[0].project == "acme-host"
    error_message = "GKE reads the settings of the network"
  }

  assert {
    condition     = tolist(google_compute_firewall.webhooks[0].allow)[0].ports == tolist(["443", "8443", "9443", "10250"]) && google_compute_firewall.webhooks[0].source_ranges == toset(["10.30.0.0/22"])
    error_message = "the control plane reaches kubelets and webhooks"
  }

  assert {
    condition     = google_compute_firewall.nodes[0].source_ranges == toset(["10.30.0.0/22", "10.32.0.0/16"]) && google_compute_firewall.health_checks[0].source_ranges == toset(["130.211.0.0/22", "35.191.0.0/16"])
    error_message = "nodes and pods reach each other, and health checks them"
  }

  assert {
    condition     = length(google_compute_subnetwork.proxies) == 0 && length(google_service_networking_connection.this) == 0 && length(google_compute_firewall.proxies) == 0
    error_message = "what the network has once is made only when asked for"
  }
}

run "readme_example" {
  command = plan

  variables {
    proxies_cidr          = "10.40.0.0/23"
    private_services_cidr = "10.41.0.0/20"
  }

  assert {
    condition     = google_compute_subnetwork.proxies[0].purpose == "REGIONAL_MANAGED_PROXY" && google_compute_firewall.proxies[0].source_ranges == toset(["10.40.0.0/23"])
    error_message = "proxies have a subnet and reach nodes and pods"
  }

  assert {
    condition     = google_compute_global_address.private_services[0].prefix_length == 20 && google_service_networking_connection.this[0].reserved_peering_ranges == tolist(["fraud-dev-private-services"])
    error_message = "Cloud SQL has a range and its connection"
  }

  assert {
    condition     = keys(google_project_service.this) == ["container.googleapis.com", "servicenetworking.googleapis.com"] && alltrue([for s in google_project_service.this : s.project == "acme-host" && !s.disable_on_destroy])
    error_message = "the host project has their APIs on"
  }
}

run "servers_alone" {
  command = plan

  variables {
    cluster    = null
    serverless = true
  }

  assert {
    condition     = [for grant in google_compute_subnetwork_iam_member.users : grant.member] == ["serviceAccount:service-111122223333@serverless-robot-prod.iam.gserviceaccount.com"] && length(google_project_iam_member.gke) == 0 && google_project_iam_member.cloud_run[0].role == "roles/compute.networkViewer"
    error_message = "Cloud Run uses the subnet, and nobody else"
  }

  assert {
    condition     = length(google_compute_firewall.nodes) + length(google_compute_firewall.webhooks) + length(google_compute_firewall.health_checks) == 0
    error_message = "without nodes there is nothing to let in"
  }
}

run "rejects_a_range_that_is_not_there" {
  command = plan

  variables {
    cluster = { pods_range = "podz", services_range = "services" }
  }

  expect_failures = [data.google_compute_subnetwork.this]
}

run "rejects_name" {
  command = plan
  variables {
    name = "Fraud"
  }
  expect_failures = [var.name]
}

run "rejects_project_number" {
  command = plan
  variables {
    service_project = "111122223333"
  }
  expect_failures = [var.service_project]
}

run "rejects_name_of_network" {
  command = plan
  variables {
    network = { id = "shared", subnetwork_id = "ml" }
  }
  expect_failures = [var.network]
}

run "rejects_network_of_the_service_project" {
  command = plan
  variables {
    service_project = "acme-host"
  }
  expect_failures = [var.network]
}

run "rejects_one_range_for_both" {
  command = plan
  variables {
    cluster = { pods_range = "pods", services_range = "pods" }
  }
  expect_failures = [var.cluster]
}

run "rejects_port" {
  command = plan
  variables {
    webhook_ports = [70000]
  }
  expect_failures = [var.webhook_ports]
}

run "rejects_few_proxies" {
  command = plan
  variables {
    proxies_cidr = "10.40.0.0/27"
  }
  expect_failures = [var.proxies_cidr]
}

run "rejects_small_range_of_private_services" {
  command = plan
  variables {
    private_services_cidr = "10.41.0.0/25"
  }
  expect_failures = [var.private_services_cidr]
}
