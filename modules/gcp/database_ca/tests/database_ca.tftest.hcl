# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "fraud-dev-4711"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_sql_ca_certs.this
  values = {
    certs = [
      { cert = "-----BEGIN CERTIFICATE-----\nold\n-----END CERTIFICATE-----\n", common_name = "", create_time = "", expiration_time = "", sha1_fingerprint = "a" },
      { cert = "-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----\n", common_name = "", create_time = "", expiration_time = "", sha1_fingerprint = "b" },
    ]
  }
}

override_data {
  target = data.google_sql_database_instance.this
  values = {
    dns_names      = [{ name = "1a2b.3c4d.us-central1.sql.goog.", connection_type = "PRIVATE_SERVICES_ACCESS", dns_scope = "INSTANCE" }]
    server_ca_cert = [{ cert = "-----BEGIN CERTIFICATE-----\nold\n-----END CERTIFICATE-----\n", common_name = "", create_time = "", expiration_time = "", sha1_fingerprint = "a" }]
  }
}

variables {
  instance = "fraud-dev-mlflow"
}

run "an_added_authority_is_known_before_it_signs" {
  command = plan

  assert {
    condition     = output.database_ca.ca_bundle_pem == "-----BEGIN CERTIFICATE-----\nold\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nnew\n-----END CERTIFICATE-----"
    error_message = "all authorities of the instance"
  }

  assert {
    condition     = output.database_ca.server_name == null && length(data.google_sql_database_instance.this) == 0
    error_message = "a certificate of the instance's own authority holds no name"
  }
}

run "of_the_shared_authority_by_name" {
  command = plan

  variables {
    server_ca_mode = "GOOGLE_MANAGED_CAS_CA"
  }

  assert {
    condition     = output.database_ca.server_name == "1a2b.3c4d.us-central1.sql.goog." && length(split("BEGIN", output.database_ca.ca_bundle_pem)) == 3
    error_message = "the name of the private address, each authority once"
  }
}

run "rejects_shared_authority_without_a_name" {
  command = plan

  variables {
    server_ca_mode = "GOOGLE_MANAGED_CAS_CA"
  }

  override_data {
    target = data.google_sql_database_instance.this
    values = { dns_names = [], server_ca_cert = [] }
  }

  expect_failures = [output.database_ca]
}

run "rejects_path_of_an_instance" {
  command = plan
  variables {
    instance = "projects/fraud-dev-4711/instances/fraud-dev-mlflow"
  }
  expect_failures = [var.instance]
}

run "rejects_authority_of_the_customer" {
  command = plan
  variables {
    server_ca_mode = "CUSTOMER_MANAGED_CAS_CA"
  }
  expect_failures = [var.server_ca_mode]
}
