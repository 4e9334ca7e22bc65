# The call shown in README.md.
variables {
  name             = "fraud-dev"
  region           = "us-central1"
  cluster_location = "us-central1"
  zones            = ["us-central1-a", "us-central1-b"]
  github           = { owner = "acme", repository = "infra", group = "fraud" }
  labels           = ["self-hosted", "fraud-dev"]
  machines         = { count = 2, machine_type = "n4-standard-2" }
  kms_keys = {
    disk   = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
    secret = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/database"
  }
  tags = { owner = "ml-platform" }
}

override_data {
  target = data.google_project.this
  values = { id = "projects/offline-project" }
}

override_data {
  target = data.google_container_cluster.this
  values = { subnetwork = "projects/offline-project/regions/us-central1/subnetworks/fraud-dev" }
}

run "machines_for_one_job_each" {
  command = plan

  assert {
    condition     = google_compute_region_instance_group_manager.this.target_size == 2 && google_compute_region_instance_group_manager.this.update_policy[0].type == "OPPORTUNISTIC" && google_compute_region_instance_group_manager.this.instance_lifecycle_policy[0].force_update_on_repair == "YES"
    error_message = "A machine that stopped is made anew by the newest template, and no other."
  }

  assert {
    condition     = length(google_compute_instance_template.this.network_interface[0].access_config) == 0 && google_compute_instance_template.this.shielded_instance_config[0].enable_secure_boot
    error_message = "A shielded machine without an address of its own."
  }

  assert {
    condition     = google_compute_instance_template.this.disk[0].disk_encryption_key[0].kms_key_self_link == var.kms_keys.disk && google_compute_instance_template.this.disk[0].disk_type == "hyperdisk-balanced"
    error_message = "The disk is of the kind that the family starts from, and encrypted with the given key."
  }

  assert {
    condition     = google_secret_manager_secret_iam_member.this.role == "roles/secretmanager.secretAccessor" && google_secret_manager_secret.this.secret_id == "fraud-dev-runner"
    error_message = "The account reads this secret."
  }
}

run "another_script_another_template" {
  command = plan

  variables {
    labels = ["self-hosted", "other"]
  }

  assert {
    condition     = google_compute_instance_template.this.name != run.machines_for_one_job_each.runner.template_name
    error_message = "A template never changes; another one has another name."
  }
}

run "refuses_bad_name" {
  command = plan

  variables {
    name = "fraud-dev-with-a-long-name"
  }

  expect_failures = [var.name]
}

run "refuses_a_zone_as_region" {
  command = plan

  variables {
    region = "us-central1-a"
    zones  = ["us-central1-a-a"]
    kms_keys = {
      disk   = "projects/p/locations/us-central1-a/keyRings/r/cryptoKeys/c"
      secret = "projects/p/locations/us-central1-a/keyRings/r/cryptoKeys/c"
    }
  }

  expect_failures = [var.region]
}

run "refuses_a_location_of_nowhere" {
  command = plan

  variables {
    cluster_location = "us"
  }

  expect_failures = [var.cluster_location]
}

run "refuses_zones_of_elsewhere" {
  command = plan

  variables {
    zones = ["us-east1-b"]
  }

  expect_failures = [var.zones]
}

run "refuses_a_server_without_https" {
  command = plan

  variables {
    github = { owner = "acme", repository = "infra", api = "http://api.example.com" }
  }

  expect_failures = [var.github]
}

run "refuses_an_owner_with_a_slash" {
  command = plan

  variables {
    github = { owner = "acme/x", repository = "infra" }
  }

  expect_failures = [var.github]
}

run "refuses_a_group_with_quotes" {
  command = plan

  variables {
    github = { owner = "acme", repository = "infra", group = "a'b" }
  }

  expect_failures = [var.github]
}

run "refuses_no_labels" {
  command = plan

  variables {
    labels = []
  }

  expect_failures = [var.labels]
}

run "refuses_no_machines" {
  command = plan

  variables {
    machines = { count = 0, machine_type = "n4-standard-2" }
  }

  expect_failures = [var.machines]
}

run "refuses_arm" {
  command = plan

  variables {
    machines = { machine_type = "c4a-standard-2" }
  }

  expect_failures = [var.machines]
}

run "refuses_a_small_disk" {
  command = plan

  variables {
    machines = { machine_type = "n4-standard-2", disk_gib = 8 }
  }

  expect_failures = [var.machines]
}

run "refuses_keys_of_elsewhere" {
  command = plan

  variables {
    kms_keys = { disk = "projects/p/locations/us-east1/keyRings/r/cryptoKeys/c", secret = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/c" }
  }

  expect_failures = [var.kms_keys]
}
