# Listing asks for the bucket, not for an object, and is known by its prefix.
# https://docs.cloud.google.com/storage/docs/access-control/iam#conditions
resource "google_storage_bucket_iam_member" "read" {
  for_each = google_service_account.this

  bucket = var.state.bucket
  role   = "roles/storage.objectViewer"
  member = each.value.member

  condition {
    title       = "states-of-${var.name}"
    description = "States of the environment, and what was applied"
    expression = join(" || ", [
      "(resource.name.startsWith(\"${local.states}/\") && resource.name.endsWith(\"/default.tfstate\"))",
      "(resource.name.startsWith(\"${local.states}/\") && resource.name.endsWith(\"/default.tflock\"))",
      "resource.name.startsWith(\"${local.states}/groundplan/applied/\")",
      "resource.name.startsWith(\"${local.states}/groundplan/journal/\")",
      "api.getAttribute(\"storage.googleapis.com/objectListPrefix\", \"\").startsWith(\"${var.state.prefix}/\")",
    ])
  }
}

# Locks are objects beside the states.
resource "google_storage_bucket_iam_member" "write" {
  bucket = var.state.bucket
  role   = "roles/storage.objectUser"
  member = google_service_account.this["apply"].member

  condition {
    title       = "applied-states-of-${var.name}"
    description = "States of the roots that the pipeline applies"
    expression  = join(" || ", [for root in var.state.roots : "resource.name.startsWith(\"${local.states}/${root}/\")"])
  }
}

# A saved plan holds what was read: who plans what is merged puts it there and cannot get it back; proposed changes keep none. So it is
# with the journal of who applies.
resource "google_storage_bucket_iam_member" "put" {
  for_each = { plans = { account = "drift", folder = "plans" }, apply = { account = "apply", folder = "journal" }, applied = { account = "apply", folder = "applied" } }

  bucket = var.state.bucket
  role   = "roles/storage.objectCreator"
  member = google_service_account.this[each.value.account].member

  condition {
    title       = "${each.value.folder}-of-${var.name}"
    description = "New objects below groundplan/${each.value.folder}"
    expression  = "resource.name.startsWith(\"${local.states}/groundplan/${each.value.folder}/\")"
  }
}

resource "google_storage_bucket_iam_member" "saved_plans" {
  bucket = var.state.bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.this["apply"].member

  condition {
    title       = "saved-plans-of-${var.name}"
    description = "Plans that were saved"
    expression  = "resource.name.startsWith(\"${local.states}/groundplan/plans/\")"
  }
}
