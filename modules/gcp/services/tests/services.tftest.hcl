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

run "data_access_logs" {
  command = plan

  variables {
    apis             = ["storage.googleapis.com"]
    data_access_logs = { "storage.googleapis.com" = ["DATA_READ", "DATA_WRITE"] }
  }

  assert {
    condition     = sort([for config in google_project_iam_audit_config.this["storage.googleapis.com"].audit_log_config : config.log_type if config.exempted_members == null]) == tolist(["DATA_READ", "DATA_WRITE"])
    error_message = "reads and writes of everybody are recorded"
  }
}

run "rejects_logs_of_an_api_that_is_off" {
  command = plan

  variables {
    data_access_logs = { "storage.googleapis.com" = ["DATA_READ"] }
  }

  expect_failures = [var.data_access_logs]
}

run "rejects_unknown_kind_of_access" {
  command = plan

  variables {
    data_access_logs = { "container.googleapis.com" = ["ADMIN_WRITE"] }
  }

  expect_failures = [var.data_access_logs]
}
