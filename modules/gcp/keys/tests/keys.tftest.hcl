# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

provider "google-beta" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { id = "projects/acme-ml", number = "111122223333" }
}

override_data {
  target = data.google_logging_project_cmek_settings.this
  values = { service_account_id = "cmek-p111122223333@gcp-sa-logging.iam.gserviceaccount.com" }
}

override_data {
  target = data.google_storage_project_service_account.this
  values = { email_address = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com" }
}

variables {
  name   = "fraud-dev"
  region = "us-central1"
}

run "without_databases" {
  command = plan

  assert {
    condition     = toset(keys(google_kms_crypto_key.this)) == toset(["cluster", "logs", "storage"])
    error_message = "three purposes have a key unless more are asked for"
  }

  assert {
    condition     = google_kms_key_ring.this.name == "fraud-dev" && google_kms_key_ring.this.location == "us-central1" && google_kms_crypto_key.this["logs"].name == "logs"
    error_message = "one ring named as the environment, keys named as their purpose"
  }

  assert {
    condition = alltrue([
      for key in google_kms_crypto_key.this :
      key.rotation_period == "7776000s" && key.destroy_scheduled_duration == "2592000s" && key.version_template[0].protection_level == "SOFTWARE"
    ])
    error_message = "keys rotate every 90 days and versions wait 30 days before they go"
  }
}

run "objects_alone" {
  command = plan

  variables {
    purposes = ["storage"]
  }

  assert {
    condition     = keys(google_kms_crypto_key_iam_member.this) == ["storage/storage"] && length(google_project_service_identity.this) == 0
    error_message = "without images nobody is made or granted a key for them"
  }
}

run "users_are_least_privilege" {
  command = plan

  variables {
    purposes      = ["storage", "cluster", "logs", "database", "alerts"]
    further_users = { storage = ["artifactregistry", "run"] }
  }

  assert {
    condition = { for grant, member in google_kms_crypto_key_iam_member.this : grant => member.member } == {
      "alerts/pubsub"            = "serviceAccount:service-111122223333@gcp-sa-pubsub.iam.gserviceaccount.com"
      "cluster/compute"          = "serviceAccount:service-111122223333@compute-system.iam.gserviceaccount.com"
      "cluster/container"        = "serviceAccount:service-111122223333@container-engine-robot.iam.gserviceaccount.com"
      "database/secretmanager"   = "serviceAccount:service-111122223333@gcp-sa-secretmanager.iam.gserviceaccount.com"
      "database/sqladmin"        = "serviceAccount:service-111122223333@gcp-sa-cloud-sql.iam.gserviceaccount.com"
      "logs/logging"             = "serviceAccount:cmek-p111122223333@gcp-sa-logging.iam.gserviceaccount.com"
      "storage/artifactregistry" = "serviceAccount:service-111122223333@gcp-sa-artifactregistry.iam.gserviceaccount.com"
      "storage/run"              = "serviceAccount:service-111122223333@serverless-robot-prod.iam.gserviceaccount.com"
      "storage/storage"          = "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
    }
    error_message = "each service uses the key of its purpose, under its own name, and nobody else does"
  }

  assert {
    condition = { for name, agent in google_project_service_identity.this : name => agent.service } == {
      artifactregistry = "artifactregistry.googleapis.com"
      pubsub           = "pubsub.googleapis.com"
      run              = "run.googleapis.com"
      secretmanager    = "secretmanager.googleapis.com"
      sqladmin         = "sqladmin.googleapis.com"
    }
    error_message = "agents that come only with the first use of their service are made before they are granted anything"
  }

  assert {
    condition     = alltrue([for member in google_kms_crypto_key_iam_member.this : member.role == "roles/cloudkms.cryptoKeyEncrypterDecrypter"])
    error_message = "users encrypt and decrypt, they administer nothing"
  }
}

run "readme_example" {
  command = plan

  variables {
    purposes = ["storage", "cluster", "logs", "database", "alerts"]
  }

  assert {
    condition     = keys(output.keys) == ["alerts", "cluster", "database", "logs", "storage"] && output.keys["database"].users == tolist(["secretmanager", "sqladmin"])
    error_message = "a key for each purpose that is asked for"
  }
}

run "only_what_is_asked_for" {
  command = plan

  variables {
    purposes         = ["cluster"]
    suffix           = "b2"
    protection_level = "HSM"
  }

  assert {
    condition     = keys(google_kms_crypto_key.this) == ["cluster"] && length(data.google_logging_project_cmek_settings.this) == 0 && length(data.google_storage_project_service_account.this) == 0
    error_message = "one purpose, one key, and no other service's agent"
  }

  assert {
    condition     = google_kms_key_ring.this.name == "fraud-dev-b2"
    error_message = "a suffix gives an environment made again a ring of its own"
  }

  assert {
    condition     = google_kms_crypto_key.this["cluster"].version_template[0].protection_level == "HSM"
    error_message = "key material in hardware, when it is asked for"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_zone_for_region" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
}

run "rejects_suffix" {
  command = plan

  variables {
    suffix = "-2"
  }

  expect_failures = [var.suffix]
}

run "rejects_unknown_purpose" {
  command = plan

  variables {
    purposes = ["storage", "backups"]
  }

  expect_failures = [var.purposes]
}

run "rejects_no_purpose" {
  command = plan

  variables {
    purposes = []
  }

  expect_failures = [var.purposes]
}

run "rejects_users_of_no_key" {
  command = plan

  variables {
    further_users = { database = ["run"] }
  }

  expect_failures = [var.further_users]
}

run "rejects_unknown_user" {
  command = plan

  variables {
    further_users = { storage = ["dataproc"] }
  }

  expect_failures = [var.further_users]
}

run "rejects_protection_level" {
  command = plan

  variables {
    protection_level = "EXTERNAL"
  }

  expect_failures = [var.protection_level]
}

run "rejects_short_deletion_window" {
  command = plan

  variables {
    deletion_window_days = 1
  }

  expect_failures = [var.deletion_window_days]
}

run "what_is_there_keeps_its_name" {
  command = plan

  variables {
    existing = { storage = { ring = "projects/acme-ml/locations/us-central1/keyRings/team", name = "data" } }
  }

  assert {
    condition     = google_kms_crypto_key.this["storage"].name == "data" && endswith(google_kms_crypto_key.this["storage"].key_ring, "keyRings/team") && google_kms_crypto_key.this["logs"].name == "logs"
    error_message = "a key that is there keeps its name, the others have ours"
  }
}

run "refuses_existing_that_cannot_be" {
  command = plan

  variables {
    existing = { storage = { ring = "team", name = "data" } }
  }

  expect_failures = [var.existing]
}
