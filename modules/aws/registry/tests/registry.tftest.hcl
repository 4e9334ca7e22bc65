# Plans only: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name    = "fraud-dev"
  kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
  repositories = {
    finetune = {}
    ranker   = { keep_images = 30 }
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = length(aws_ecr_repository.this) == 2 && output.registry.repositories["finetune"].name == "fraud-dev/finetune"
    error_message = "one repository per entry, under the name of the environment"
  }

  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.image_tag_mutability == "IMMUTABLE" && r.image_scanning_configuration[0].scan_on_push])
    error_message = "tags do not move and images are scanned when pushed"
  }

  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.encryption_configuration[0].encryption_type == "KMS" && r.encryption_configuration[0].kms_key == var.kms_key])
    error_message = "images are encrypted with the given key"
  }

  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.force_delete != true])
    error_message = "a repository with images in it is not deleted"
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this["ranker"].policy).rules : rule.selection.countNumber] == [14, 30]
    error_message = "untagged images go after 14 days, 30 tagged ones stay"
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["finetune"].policy).rules[1].selection.countNumber == 100
    error_message = "100 images stay unless said otherwise"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "-fraud"
  }

  expect_failures = [var.name]
}

run "rejects_key_alias" {
  command = plan

  variables {
    kms_key = "alias/aws/ecr"
  }

  expect_failures = [var.kms_key]
}

run "rejects_repository_name" {
  command = plan

  variables {
    repositories = { Ranker = {} }
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

run "keeps_a_name_of_its_own" {
  command = plan

  variables {
    repositories = { ranker = { repository = "old/scorer" } }
  }

  assert {
    condition     = output.registry.repositories["ranker"].name == "old/scorer"
    error_message = "a repository that has a name already keeps it"
  }
}

run "rejects_name_of_its_own" {
  command = plan

  variables {
    repositories = { ranker = { repository = "Old/Scorer" } }
  }

  expect_failures = [var.repositories]
}
