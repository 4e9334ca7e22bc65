# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "fraud-dev-4711"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { id = "projects/fraud-dev-4711" }
}

variables {
  name           = "fraud-dev-mlflow"
  region         = "us-central1"
  network        = { id = "projects/fraud-dev-4711/global/networks/fraud-dev", private_services = "fraud-dev-private-services" }
  instance_class = "db-custom-2-8192"
  postgres       = { database_name = "mlflow" }
  storage        = { size_gib = 50, max_gib = 200 }
  kms_key        = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/database"
  logs           = { kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs" }
  secret         = { name = "fraud-dev-mlflow" }
  tags           = { environment = "fraud-dev" }
}

run "survives" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.settings[0].availability_type == "REGIONAL" && google_sql_database_instance.this.deletion_protection && google_sql_database_instance.this.settings[0].deletion_protection_enabled && google_secret_manager_secret.this.deletion_protection
    error_message = "a standby, and protection from deletion on every level, unless the caller says otherwise"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].enabled && google_sql_database_instance.this.settings[0].backup_configuration[0].point_in_time_recovery_enabled && google_sql_database_instance.this.settings[0].backup_configuration[0].backup_retention_settings[0].retained_backups == 14 && google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 7
    error_message = "two weeks of backups, and the seven days of logs that the Enterprise edition keeps"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].location == "us-central1" && google_sql_database_instance.this.settings[0].backup_configuration[0].start_time == "02:00"
    error_message = "backups stay in the region and are made at night"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].final_backup_config[0].enabled && google_sql_database_instance.this.settings[0].final_backup_config[0].retention_days == 30
    error_message = "a destroy leaves a backup"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].disk_type == "PD_SSD" && google_sql_database_instance.this.settings[0].disk_size == 50 && google_sql_database_instance.this.settings[0].disk_autoresize && google_sql_database_instance.this.settings[0].disk_autoresize_limit == 200
    error_message = "storage grows as stated"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].maintenance_window[0].day == 7 && google_sql_database_instance.this.settings[0].maintenance_window[0].hour == 7
    error_message = "maintenance on Sunday morning"
  }

  assert {
    condition     = google_sql_database_instance.this.database_version == "POSTGRES_18" && google_sql_database_instance.this.settings[0].edition == "ENTERPRISE"
    error_message = "the newest version; the edition that the class belongs to"
  }

  assert {
    condition     = google_sql_database.this.deletion_policy == "ABANDON" && google_sql_user.this.deletion_policy == "ABANDON"
    error_message = "database and role go with the instance, not before it"
  }
}

run "is_closed" {
  command = plan

  assert {
    condition     = !google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled && google_sql_database_instance.this.settings[0].ip_configuration[0].private_network == var.network.id && google_sql_database_instance.this.settings[0].ip_configuration[0].allocated_ip_range == "fraud-dev-private-services"
    error_message = "a private address of the range, and no public one"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY" && length(google_sql_database_instance.this.settings[0].ip_configuration[0].authorized_networks) == 0
    error_message = "connections without TLS are refused"
  }
}

run "is_known_by_an_authority_of_its_own" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].server_ca_mode == "GOOGLE_MANAGED_INTERNAL_CA"
    error_message = "said, so that another default of Google's changes nothing"
  }
}

run "is_known_by_the_shared_authority" {
  command = plan

  variables {
    postgres = { database_name = "mlflow", server_ca_mode = "GOOGLE_MANAGED_CAS_CA" }
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].ip_configuration[0].server_ca_mode == "GOOGLE_MANAGED_CAS_CA" && google_sql_database_instance.this.settings[0].ip_configuration[0].server_certificate_rotation_mode == "AUTOMATIC_ROTATION_DURING_MAINTENANCE"
    error_message = "a certificate of a year is renewed by itself"
  }
}

run "rejects_authority_of_the_customer" {
  command = plan
  variables {
    postgres = { database_name = "mlflow", server_ca_mode = "CUSTOMER_MANAGED_CAS_CA" }
  }
  expect_failures = [var.postgres]
}

run "is_encrypted" {
  command = plan

  assert {
    condition     = google_sql_database_instance.this.encryption_key_name == var.kms_key && google_secret_manager_secret.this.replication[0].user_managed[0].replicas[0].customer_managed_encryption[0].kms_key_name == var.kms_key && google_secret_manager_secret.this.replication[0].user_managed[0].replicas[0].location == "us-central1"
    error_message = "storage, backups and the secret are encrypted with the given key, in the region"
  }

  assert {
    condition     = google_logging_project_bucket_config.this.cmek_settings[0].kms_key_name == var.logs.kms_key && google_logging_project_bucket_config.this.retention_days == 365 && google_logging_project_bucket_config.this.location == "us-central1"
    error_message = "logs are encrypted with their key and kept for a year"
  }
}

run "is_seen" {
  command = plan

  assert {
    condition     = google_logging_project_sink.this.filter == output.database.log_filter && strcontains(google_logging_project_sink.this.filter, "resource.labels.database_id=\"fraud-dev-4711:fraud-dev-mlflow\"") && google_logging_project_bucket_config.this.bucket_id == "fraud-dev-mlflow-postgres"
    error_message = "the logs of this instance go to one bucket and not to a second one"
  }

  assert {
    condition = jsonencode({ for f in google_sql_database_instance.this.settings[0].database_flags : f.name => f.value }) == jsonencode({
      "cloudsql.enable_pgaudit"     = "on"
      "cloudsql.iam_authentication" = "on"
      log_checkpoints               = "on"
      log_connections               = "on"
      log_disconnections            = "on"
      log_lock_waits                = "on"
      log_min_duration_statement    = "-1"
      log_min_error_statement       = "error"
      log_min_messages              = "warning"
      log_statement                 = "ddl"
      log_temp_files                = "0"
      "pgaudit.log"                 = "ddl,role"
    })
    error_message = "who came, what changed and what went wrong is logged, and no values"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].insights_config[0].query_insights_enabled && !google_sql_database_instance.this.settings[0].insights_config[0].record_client_address
    error_message = "load by statement"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].user_labels == tomap({ environment = "fraud-dev" })
    error_message = "the instance has its labels"
  }
}

run "password_is_nowhere" {
  command = plan

  assert {
    condition     = google_sql_user.this.password == null && google_sql_user.this.password_wo_version == 1 && google_secret_manager_secret_version.this[0].secret_data == null && google_secret_manager_secret_version.this[0].secret_data_wo_version == "1"
    error_message = "password and secret are write-only, under the same version"
  }

  assert {
    condition     = google_secret_manager_secret.this.secret_id == "fraud-dev-mlflow" && google_secret_manager_secret.this.version_destroy_ttl == "2592000s"
    error_message = "the secret has the given name and replaced versions can be brought back"
  }

  assert {
    condition     = output.database.secret_id == "projects/fraud-dev-4711/secrets/fraud-dev-mlflow" && output.database.secret_name == "fraud-dev-mlflow"
    error_message = "the secret is named as IAM takes it"
  }
}

run "password_is_rotated_together" {
  command = plan

  variables {
    secret = { name = "fraud-dev-mlflow", password_version = 2 }
  }

  assert {
    condition     = google_sql_user.this.password_wo_version == 2 && google_secret_manager_secret_version.this[0].secret_data_wo_version == "2"
    error_message = "one number rotates both"
  }
}

run "small_and_plain" {
  command = plan

  variables {
    instance_class      = "db-g1-small"
    network             = { id = "projects/host-4711/global/networks/shared" }
    high_availability   = false
    deletion_protection = false
    storage             = { size_gib = 10 }
    postgres            = { database_name = "mlflow", version = "17" }
    backups             = { days = 1, final_days = 0 }
    logs                = { kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", bucket = "fraud-dev-mlflow-second" }
    secret              = { name = "fraud-dev-mlflow", recovery_days = 0 }
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].availability_type == "ZONAL" && !google_sql_database_instance.this.deletion_protection && !google_sql_database_instance.this.settings[0].deletion_protection_enabled && !google_sql_database_instance.this.settings[0].disk_autoresize
    error_message = "what the caller turns off is off"
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 1 && !google_sql_database_instance.this.settings[0].final_backup_config[0].enabled && google_secret_manager_secret.this.version_destroy_ttl == null
    error_message = "no more logs than backups, and nothing that outlives the instance"
  }

  assert {
    condition     = google_sql_database_instance.this.database_version == "POSTGRES_17" && google_sql_database_instance.this.settings[0].ip_configuration[0].private_network == "projects/host-4711/global/networks/shared" && google_logging_project_bucket_config.this.bucket_id == "fraud-dev-mlflow-second"
    error_message = "an older version, a shared VPC, another log bucket"
  }
}

run "enterprise_plus" {
  command = plan

  variables {
    instance_class = "db-perf-optimized-N-2"
    backups        = { days = 60 }
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].edition == "ENTERPRISE_PLUS" && google_sql_database_instance.this.settings[0].backup_configuration[0].transaction_log_retention_days == 35
    error_message = "the class brings its edition, which keeps logs for longer"
  }
}

run "rejects_name" {
  command = plan
  variables {
    name = "fraud_dev"
  }
  expect_failures = [var.name]
}

run "rejects_zone" {
  command = plan
  variables {
    region = "us-central1-a"
  }
  expect_failures = [var.region]
}

run "rejects_network_by_name" {
  command = plan
  variables {
    network = { id = "fraud-dev" }
  }
  expect_failures = [var.network]
}

run "rejects_machine_type" {
  command = plan
  variables {
    instance_class = "n2-standard-2"
  }
  expect_failures = [var.instance_class]
}

run "rejects_odd_custom_type" {
  command = plan
  variables {
    instance_class = "db-custom-3-8192"
  }
  expect_failures = [var.instance_class]
}

run "rejects_reserved_database_name" {
  command = plan
  variables {
    postgres = { database_name = "cloudsqladmin" }
  }
  expect_failures = [var.postgres]
}

run "rejects_minor_version" {
  command = plan
  variables {
    postgres = { database_name = "mlflow", version = "18.1" }
  }
  expect_failures = [var.postgres]
}

run "rejects_small_storage" {
  command = plan
  variables {
    storage = { size_gib = 5 }
  }
  expect_failures = [var.storage]
}

run "rejects_growth_to_less" {
  command = plan
  variables {
    storage = { size_gib = 50, max_gib = 50 }
  }
  expect_failures = [var.storage]
}

run "rejects_no_backup" {
  command = plan
  variables {
    backups = { days = 0 }
  }
  expect_failures = [var.backups]
}

run "is_filled_from_a_backup" {
  command = plan

  variables {
    backups = { restore_from = "fraud-old-mlflow/1764403200000" }
  }

  assert {
    condition     = google_sql_database_instance.this.restore_backup_context[0].instance_id == "fraud-old-mlflow" && google_sql_database_instance.this.restore_backup_context[0].backup_run_id == 1764403200000
    error_message = "instance and backup as named"
  }
}

run "rejects_backup_without_its_instance" {
  command = plan
  variables {
    backups = { restore_from = "1764403200000" }
  }
  expect_failures = [var.backups]
}

run "rejects_final_backup_for_ever" {
  command = plan
  variables {
    backups = { final_days = 400 }
  }
  expect_failures = [var.backups]
}

run "rejects_backup_window" {
  command = plan
  variables {
    windows = { backup = "2am" }
  }
  expect_failures = [var.windows]
}

run "rejects_maintenance_window" {
  command = plan
  variables {
    windows = { maintenance = "sun:04:00-sun:05:00" }
  }
  expect_failures = [var.windows]
}

run "rejects_key_of_aws" {
  command = plan
  variables {
    kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
  }
  expect_failures = [var.kms_key]
}

run "rejects_key_of_another_region" {
  command = plan
  variables {
    kms_key = "projects/fraud-dev-4711/locations/europe-west4/keyRings/fraud-dev/cryptoKeys/database"
  }
  expect_failures = [var.kms_key]
}

run "rejects_logs_key_ring" {
  command = plan
  variables {
    logs = { kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev" }
  }
  expect_failures = [var.logs]
}

run "rejects_log_retention" {
  command = plan
  variables {
    logs = { kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", retention_days = 4000 }
  }
  expect_failures = [var.logs]
}

run "rejects_log_bucket_name" {
  command = plan
  variables {
    logs = { kms_key = "projects/fraud-dev-4711/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", bucket = "_Default" }
  }
  expect_failures = [var.logs]
}

run "rejects_secret_name_with_slash" {
  command = plan
  variables {
    secret = { name = "fraud-dev/mlflow" }
  }
  expect_failures = [var.secret]
}

run "rejects_password_version" {
  command = plan
  variables {
    secret = { name = "fraud-dev-mlflow", password_version = -1 }
  }
  expect_failures = [var.secret]
}

run "rejects_recovery_days" {
  command = plan
  variables {
    secret = { name = "fraud-dev-mlflow", recovery_days = 0.5 }
  }
  expect_failures = [var.secret]
}

run "password_of_a_database_that_is_there_stays" {
  command = plan

  variables {
    secret = { name = "fraud-dev-mlflow", password_version = 0 }
  }

  assert {
    condition     = google_sql_user.this.password_wo_version == null && length(google_secret_manager_secret_version.this) == 0
    error_message = "neither a password nor a version of the secret is made"
  }
}
