# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "fraud-dev-4711"
  region       = "us-central1"
  access_token = "none"
}

variables {
  name    = "fraud-dev"
  region  = "us-central1"
  kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/storage"
  repositories = {
    finetune = {}
    ranker   = { immutable_tags = false, keep_images = 30 }
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = length(google_artifact_registry_repository.this) == 2 && output.registry.repositories["finetune"].name == "fraud-dev-finetune"
    error_message = "one repository per entry, under the name of the environment"
  }

  assert {
    condition     = alltrue([for r in google_artifact_registry_repository.this : r.format == "DOCKER" && r.location == "us-central1" && r.kms_key_name == var.kms_key])
    error_message = "container images in the region, encrypted with the given key"
  }

  assert {
    condition     = alltrue([for r in google_artifact_registry_repository.this : r.vulnerability_scanning_config[0].enablement_config == "INHERITED"])
    error_message = "images are scanned when pushed, as the project has it"
  }
}

run "tags_do_not_move" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.this["finetune"].docker_config[0].immutable_tags
    error_message = "tags do not move unless a repository says so"
  }

  assert {
    condition     = jsonencode({ for p in google_artifact_registry_repository.this["finetune"].cleanup_policies : p.id => [p.action, p.condition[0].tag_state, p.condition[0].older_than] }) == jsonencode({ untagged = ["DELETE", "UNTAGGED", "1209600s"] })
    error_message = "untagged images go after 14 days, and no policy says what it could not do"
  }

  assert {
    condition     = alltrue([for r in google_artifact_registry_repository.this : !r.cleanup_policy_dry_run])
    error_message = "policies are carried out"
  }
}

run "images_are_counted" {
  command = plan

  assert {
    condition     = !google_artifact_registry_repository.this["ranker"].docker_config[0].immutable_tags && toset([for p in google_artifact_registry_repository.this["ranker"].cleanup_policies : "${p.action} ${p.id}"]) == toset(["DELETE tagged", "DELETE untagged", "KEEP newest"])
    error_message = "everything goes but the newest"
  }

  assert {
    condition     = [for p in google_artifact_registry_repository.this["ranker"].cleanup_policies : p.most_recent_versions[0].keep_count if p.action == "KEEP"] == [30]
    error_message = "30 images stay"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "-fraud"
  }

  expect_failures = [var.name]
}

run "rejects_multi_region" {
  command = plan

  variables {
    region = "us"
  }

  expect_failures = [var.region]
}

run "rejects_key_of_aws" {
  command = plan

  variables {
    kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
  }

  expect_failures = [var.kms_key]
}

run "rejects_repository_name" {
  command = plan

  variables {
    repositories = { "team/ranker" = {} }
  }

  expect_failures = [var.repositories]
}

run "rejects_keeping_no_image" {
  command = plan

  variables {
    repositories = { ranker = { keep_images = 0 } }
  }

  expect_failures = [var.repositories]
}

run "rejects_keeping_untagged_for_ever" {
  command = plan

  variables {
    repositories = { ranker = { keep_untagged_days = 1000 } }
  }

  expect_failures = [var.repositories]
}

run "keeps_names_of_its_own" {
  command = plan

  override_resource {
    target          = google_artifact_registry_repository.this
    override_during = plan
    values          = { registry_uri = "us-central1-docker.pkg.dev/fraud/fraud-dev-scorer" }
  }

  variables {
    repositories = { ranker = { repository = "fraud-dev-scorer", image = "scorer" } }
  }

  assert {
    condition     = output.registry.repositories["ranker"].name == "fraud-dev-scorer" && endswith(output.registry.repositories["ranker"].url, "/scorer")
    error_message = "a repository that has a name already keeps it, and so do the images in it"
  }
}

run "rejects_repository_id" {
  command = plan

  variables {
    repositories = { ranker = { repository = "fraud/scorer" } }
  }

  expect_failures = [var.repositories]
}

run "rejects_image_name" {
  command = plan

  variables {
    repositories = { ranker = { image = "fraud/scorer" } }
  }

  expect_failures = [var.repositories]
}
