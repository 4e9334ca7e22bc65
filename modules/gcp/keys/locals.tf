data "google_project" "this" {}

locals {
  ring    = var.suffix == null ? var.name : "${var.name}-${var.suffix}"
  project = trimprefix(data.google_project.this.id, "projects/")
  number  = data.google_project.this.number

  # Services that encrypt with the key of a purpose.
  users = {
    storage  = ["storage"]
    cluster  = ["compute", "container"]
    logs     = ["logging"]
    database = ["secretmanager", "sqladmin"]
    alerts   = ["pubsub"]
  }

  # Who a service is when it uses a key: its service agent. https://cloud.google.com/iam/docs/service-agents
  agents = {
    artifactregistry = "service-${local.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    compute          = "service-${local.number}@compute-system.iam.gserviceaccount.com"
    container        = "service-${local.number}@container-engine-robot.iam.gserviceaccount.com"
    pubsub           = "service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    run              = "service-${local.number}@serverless-robot-prod.iam.gserviceaccount.com"
    secretmanager    = "service-${local.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
    sqladmin         = "service-${local.number}@gcp-sa-cloud-sql.iam.gserviceaccount.com"
    logging          = one(data.google_logging_project_cmek_settings.this[*].service_account_id)
    storage          = one(data.google_storage_project_service_account.this[*].email_address)
  }

  # Agents that Service Usage makes. Those of Compute Engine and Kubernetes Engine come with their API, those of Cloud Storage and
  # Cloud Logging when their data sources below are read.
  asked_for = {
    artifactregistry = "artifactregistry.googleapis.com"
    pubsub           = "pubsub.googleapis.com"
    run              = "run.googleapis.com"
    secretmanager    = "secretmanager.googleapis.com"
    sqladmin         = "sqladmin.googleapis.com"
  }

  # "storage/run" => { purpose = "storage", service = "run" }
  grants = merge([
    for purpose in var.purposes : {
      for service in setunion(local.users[purpose], lookup(var.further_users, purpose, [])) :
      "${purpose}/${service}" => { purpose = purpose, service = service }
    }
  ]...)
  services = toset([for grant in local.grants : grant.service])
}

# Asking for these two makes them.
# https://cloud.google.com/logging/docs/routing/managed-encryption-storage https://cloud.google.com/storage/docs/getting-service-agent

data "google_logging_project_cmek_settings" "this" {
  count = contains(local.services, "logging") ? 1 : 0

  project = local.project
}

data "google_storage_project_service_account" "this" {
  count = contains(local.services, "storage") ? 1 : 0
}
