# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { project_id = "acme-ml", number = "111122223333" }
}

variables {
  name             = "fraud-dev"
  region           = "us-central1"
  network          = { id = "projects/acme-ml/global/networks/fraud-dev", subnetwork_id = "projects/acme-ml/regions/us-central1/subnetworks/fraud-dev" }
  database         = { secret_id = "projects/acme-ml/secrets/fraud-dev-mlflow", ca_bundle_pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" }
  artifacts_bucket = { name = "fraud-dev-mlflow-3f9a1c" }
  client_cidrs     = ["10.20.0.0/16", "172.16.5.0/24"]
  logs             = { access_log_bucket = "fraud-dev-mlflow" }
  kms_keys = {
    storage = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/storage"
    logs    = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs"
  }
  endpoint = {
    host        = "mlflow.fraud-dev.example.com"
    certificate = "projects/acme-ml/locations/us-central1/certificates/mlflow"
  }
}

run "images_through_a_remote_repository" {
  command = plan

  override_data {
    target = data.google_project.this
    values = { id = "projects/acme-ml", project_id = "acme-ml", number = "111122223333" }
  }

  assert {
    condition     = [for c in google_cloud_run_v2_service.this.template[0].containers : c.image if c.name == "server"] == ["us-central1-docker.pkg.dev/acme-ml/fraud-dev-mlflow-ghcr-io/mlflow/mlflow:v3.17.0-full"]
    error_message = "Cloud Run does not pull from ghcr.io"
  }

  assert {
    condition     = [for c in google_cloud_run_v2_service.this.template[0].containers : c.image if c.name == "proxy"] == [var.tasks.proxy_image]
    error_message = "and does from Docker Hub"
  }

  assert {
    condition     = keys(google_artifact_registry_repository.this) == ["ghcr.io"] && google_artifact_registry_repository.this["ghcr.io"].mode == "REMOTE_REPOSITORY" && google_artifact_registry_repository.this["ghcr.io"].remote_repository_config[0].common_repository[0].uri == "https://ghcr.io" && google_artifact_registry_repository.this["ghcr.io"].kms_key_name == var.kms_keys.storage
    error_message = "one remote repository, under our key"
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.this["ghcr.io"].member == "serviceAccount:service-111122223333@serverless-robot-prod.iam.gserviceaccount.com" && google_artifact_registry_repository_iam_member.this["ghcr.io"].role == "roles/artifactregistry.reader"
    error_message = "which Cloud Run reads"
  }
}

run "images_that_cloud_run_pulls_itself" {
  command = plan

  variables {
    image = "europe-west4-docker.pkg.dev/acme-images/ml/mlflow@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    tasks = { proxy_image = "gcr.io/acme-images/nginx:1.28.0" }
  }

  assert {
    condition     = length(google_artifact_registry_repository.this) == 0 && [for c in google_cloud_run_v2_service.this.template[0].containers : c.image] == [var.tasks.proxy_image, var.image]
    error_message = "as they are"
  }
}

run "two_registries" {
  command = plan

  variables {
    image = "quay.io/acme/mlflow:3.17.0"
    tasks = { proxy_image = "registry.example.com:5000/nginx/nginx:1.28.0" }
  }

  assert {
    condition     = { for registry, repository in google_artifact_registry_repository.this : registry => repository.repository_id } == { "quay.io" = "fraud-dev-mlflow-quay-io", "registry.example.com:5000" = "fraud-dev-mlflow-registry-example-com-5000" }
    error_message = "a remote repository for each"
  }
}

run "servers_in_a_subnet_of_their_own" {
  command = plan

  variables {
    network = {
      id                    = "projects/acme-ml/global/networks/fraud-dev"
      subnetwork_id         = "projects/acme-ml/regions/us-central1/subnetworks/fraud-dev-nodes"
      servers_subnetwork_id = "projects/acme-ml/regions/us-central1/subnetworks/fraud-dev-servers"
    }
  }

  assert {
    condition     = endswith(google_cloud_run_v2_service.this.template[0].vpc_access[0].network_interfaces[0].subnetwork, "/fraud-dev-servers") && endswith(google_compute_address.this.subnetwork, "/fraud-dev-nodes")
    error_message = "what Cloud Run holds back keeps no other subnet from being deleted"
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.mlflow_serverless.tracking_uri == "https://mlflow.fraud-dev.example.com" && output.mlflow_serverless.service_name == "fraud-dev-mlflow"
    error_message = "outputs name what was made"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" && google_cloud_run_v2_service.this.default_uri_disabled && google_cloud_run_v2_service.this.deletion_protection
    error_message = "the service is reached through the load balancer alone, and protected"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].encryption_key == var.kms_keys.storage && google_cloud_run_v2_service.this.template[0].vpc_access[0].egress == "ALL_TRAFFIC"
    error_message = "our key, and every packet through our network"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].scaling[0].min_instance_count == 2 && google_cloud_run_v2_service.this.template[0].scaling[0].max_instance_count == 4
    error_message = "two servers to four"
  }

  assert {
    condition     = google_compute_forwarding_rule.https.load_balancing_scheme == "INTERNAL_MANAGED" && google_compute_forwarding_rule.https.port_range == "443" && google_compute_region_ssl_policy.this.min_tls_version == "TLS_1_2" && google_compute_region_ssl_policy.this.profile == "RESTRICTED"
    error_message = "internal, HTTPS alone, TLS 1.2 or newer"
  }

  assert {
    condition     = google_compute_region_target_https_proxy.this.certificate_manager_certificates == tolist([var.endpoint.certificate]) && google_compute_region_target_https_proxy.this.ssl_certificates == null
    error_message = "the certificate of Certificate Manager"
  }

  assert {
    condition     = [for rule in google_compute_region_security_policy.this.rules : [rule.action, tostring(rule.priority), join(" ", rule.match[0].config[0].src_ip_ranges)]] == [["allow", "1000", "10.20.0.0/16 172.16.5.0/24"], ["deny(403)", "2147483647", "*"]]
    error_message = "clients come from the given ranges, everybody else is refused"
  }

  assert {
    condition     = google_compute_region_backend_service.this.log_config[0].enable && google_compute_region_backend_service.this.log_config[0].sample_rate == 1
    error_message = "every request is logged"
  }

  assert {
    condition     = google_logging_project_bucket_config.this.retention_days == 365 && google_logging_project_bucket_config.this.cmek_settings[0].kms_key_name == var.kms_keys.logs && strcontains(google_logging_project_sink.this.filter, "forwarding_rule_name=\"fraud-dev-mlflow\"") && output.mlflow_serverless.log_filter == google_logging_project_sink.this.filter
    error_message = "logs are kept a year and encrypted"
  }

  assert {
    condition     = length(google_dns_record_set.this) == 0
    error_message = "no record without a zone"
  }
}

run "containers" {
  command = plan

  assert {
    condition     = [for c in google_cloud_run_v2_service.this.template[0].containers : c.name] == ["proxy", "server"] && google_cloud_run_v2_service.this.template[0].containers[0].depends_on == tolist(["server"])
    error_message = "the proxy takes requests when the server is ready"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].ports[0].name == "h2c" && strcontains(google_cloud_run_v2_service.this.template[0].containers[0].args[0], "http2 on;") && strcontains(google_cloud_run_v2_service.this.template[0].containers[0].args[0], "client_max_body_size 0;")
    error_message = "HTTP/2 up to the proxy, which limits no request"
  }

  assert {
    condition     = length(google_cloud_run_v2_service.this.template[0].containers[1].ports) == 0 && google_cloud_run_v2_service.this.template[0].containers[1].args[0] == "10001"
    error_message = "nothing but the proxy reaches the server, which is not root"
  }

  assert {
    condition     = keys(jsondecode(google_cloud_run_v2_service.this.template[0].containers[1].args[2])) == ["database-ca.pem", "fetch_secret.py", "serve.py", "upgrade_schema.py"]
    error_message = "prepare gets every script that the server starts"
  }

  assert {
    condition     = contains(google_cloud_run_v2_service.this.template[0].containers[1].args, "--app-name=basic-auth") && contains(google_cloud_run_v2_service.this.template[0].containers[1].args, "--allowed-hosts=mlflow.fraud-dev.example.com") && contains(google_cloud_run_v2_service.this.template[0].containers[1].args, "--artifacts-destination=gs://fraud-dev-mlflow-3f9a1c/artifacts")
    error_message = "users log in, under one name, and artifacts go to the bucket"
  }

  assert {
    condition     = one([for e in google_cloud_run_v2_service.this.template[0].containers[1].env : e.value if e.name == "SECRET_URL"]) == "https://secretmanager.googleapis.com/v1/projects/acme-ml/secrets/fraud-dev-mlflow/versions/latest:access"
    error_message = "the server asks for its secret itself"
  }

  assert {
    condition     = alltrue([for e in google_cloud_run_v2_service.this.template[0].containers[1].env : length(e.value_source) == 0])
    error_message = "nothing secret stands in the environment"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[1].startup_probe[0].period_seconds * google_cloud_run_v2_service.this.template[0].containers[1].startup_probe[0].failure_threshold == 240
    error_message = "as long as Cloud Run allows for an upgrade"
  }
}

run "rights" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.artifacts.bucket == "fraud-dev-mlflow-3f9a1c" && google_storage_bucket_iam_member.artifacts.role == "roles/storage.objectUser" && strcontains(google_storage_bucket_iam_member.artifacts.condition[0].expression, "projects/_/buckets/fraud-dev-mlflow-3f9a1c/objects/artifacts/")
    error_message = "these artifacts"
  }

  assert {
    condition     = google_secret_manager_secret_iam_member.server.secret_id == var.database.secret_id && google_secret_manager_secret_iam_member.server.role == "roles/secretmanager.secretAccessor"
    error_message = "this secret"
  }
}

run "regional_certificate_and_record" {
  command = plan

  variables {
    endpoint = {
      host        = "mlflow.fraud-dev.example.com"
      certificate = "projects/acme-ml/regions/us-central1/sslCertificates/mlflow"
      zone_id     = "internal"
    }
  }

  assert {
    condition     = google_compute_region_target_https_proxy.this.ssl_certificates == tolist([var.endpoint.certificate]) && google_compute_region_target_https_proxy.this.certificate_manager_certificates == null
    error_message = "a regional SSL certificate"
  }

  assert {
    condition     = google_dns_record_set.this[0].name == "mlflow.fraud-dev.example.com." && google_dns_record_set.this[0].managed_zone == "internal"
    error_message = "the zone leads to the load balancer"
  }
}

run "many_clients" {
  command = plan

  variables {
    client_cidrs = [for i in range(12) : "10.${i}.0.0/16"]
  }

  assert {
    condition     = [for rule in google_compute_region_security_policy.this.rules : length(rule.match[0].config[0].src_ip_ranges)] == [10, 2, 1]
    error_message = "a rule takes ten ranges"
  }
}

run "refuses_name_too_long" {
  command = plan

  variables {
    name = "a-name-of-twenty-five-cha"
  }

  expect_failures = [var.name]
}

run "refuses_zone_as_region" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
}

run "refuses_network_by_name" {
  command = plan

  variables {
    network = { id = "fraud-dev", subnetwork_id = "fraud-dev" }
  }

  expect_failures = [var.network]
}

run "refuses_secret_by_name" {
  command = plan

  variables {
    database = { secret_id = "fraud-dev-mlflow", ca_bundle_pem = "-----BEGIN CERTIFICATE-----" }
  }

  expect_failures = [var.database]
}

run "refuses_key_version" {
  command = plan

  variables {
    kms_keys = { storage = "projects/acme-ml/locations/us-central1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1", logs = "projects/acme-ml/locations/us-central1/keyRings/r/cryptoKeys/k" }
  }

  expect_failures = [var.kms_keys]
}

run "refuses_host_with_scheme" {
  command = plan

  variables {
    endpoint = { host = "https://mlflow.example.com", certificate = "projects/acme-ml/locations/us-central1/certificates/mlflow" }
  }

  expect_failures = [var.endpoint]
}

run "refuses_global_certificate" {
  command = plan

  variables {
    endpoint = { host = "mlflow.example.com", certificate = "projects/acme-ml/locations/global/certificates/mlflow" }
  }

  expect_failures = [var.endpoint]
}

run "refuses_everybody" {
  command = plan

  variables {
    client_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_log_bucket_with_slash" {
  command = plan

  variables {
    logs = { access_log_bucket = "fraud/dev" }
  }

  expect_failures = [var.logs]
}

run "refuses_odd_retention" {
  command = plan

  variables {
    logs = { access_log_bucket = "fraud-dev-mlflow", retention_days = 100 }
  }

  expect_failures = [var.logs]
}

run "refuses_latest_image" {
  command = plan

  variables {
    image = "ghcr.io/mlflow/mlflow:latest-full"
  }

  expect_failures = [var.image]
}

run "refuses_latest_proxy" {
  command = plan

  variables {
    tasks = { proxy_image = "docker.io/nginxinc/nginx-unprivileged:latest" }
  }

  expect_failures = [var.tasks]
}

run "refuses_too_much_memory" {
  command = plan

  variables {
    tasks = { cpu = 1, memory_gib = 8, scratch_gib = 2 }
  }

  expect_failures = [var.tasks]
}

run "refuses_no_scratch" {
  command = plan

  variables {
    tasks = { scratch_gib = 0 }
  }

  expect_failures = [var.tasks]
}

run "refuses_too_many_workers" {
  command = plan

  variables {
    tasks = { workers = 8 }
  }

  expect_failures = [var.tasks]
}

run "refuses_fewer_than_min" {
  command = plan

  variables {
    tasks = { min = 3, max = 2 }
  }

  expect_failures = [var.tasks]
}

run "refuses_unknown_permission" {
  command = plan

  variables {
    default_permission = "ADMIN"
  }

  expect_failures = [var.default_permission]
}

run "knows_the_database_by_its_authority" {
  command = plan

  assert {
    condition     = { for e in google_cloud_run_v2_service.this.template[0].containers[1].env : e.name => e.value if startswith(e.name, "DATABASE_") } == { DATABASE_CA_BUNDLE = "/etc/mlflow/database-ca.pem", DATABASE_SSLMODE = "verify-ca", DATABASE_SERVER_NAME = "" }
    error_message = "the certificate is signed by the given authorities"
  }

  assert {
    condition     = jsondecode(google_cloud_run_v2_service.this.template[0].containers[1].args[2])["database-ca.pem"] == var.database.ca_bundle_pem
    error_message = "they are laid out with the scripts"
  }
}

run "rejects_authorities_by_path" {
  command = plan
  variables {
    database = { secret_id = "projects/acme-ml/secrets/fraud-dev-mlflow", ca_bundle_pem = "server-ca.pem" }
  }
  expect_failures = [var.database]
}

run "an_account_that_is_there" {
  command = plan

  variables {
    account_exists = true
  }

  assert {
    condition     = google_service_account.server.create_ignore_already_exists && google_service_account.server.deletion_policy == "ABANDON"
    error_message = "it is taken over, and stays"
  }
}
