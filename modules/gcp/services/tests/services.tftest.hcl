# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

variables {
  apis = ["container.googleapis.com", "cloudkms.googleapis.com"]
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.services.apis == tolist(["cloudkms.googleapis.com", "container.googleapis.com"])
    error_message = "every API is turned on, sorted in the output"
  }

  assert {
    condition     = alltrue([for s in google_project_service.this : !s.disable_on_destroy && !s.disable_dependent_services])
    error_message = "a destroy leaves APIs of the project on"
  }
}

run "rejects_no_api" {
  command = plan

  variables {
    apis = []
  }

  expect_failures = [var.apis]
}

run "rejects_short_name" {
  command = plan

  variables {
    apis = ["container"]
  }

  expect_failures = [var.apis]
}
