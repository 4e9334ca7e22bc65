resource "google_artifact_registry_repository" "this" {
  for_each = var.repositories

  repository_id = coalesce(each.value.repository, "${var.name}-${each.key}")
  location      = var.region
  format        = "DOCKER"
  mode          = "STANDARD_REPOSITORY"
  description   = "Images of ${each.key} in ${var.name}"
  kms_key_name  = var.kms_key

  # A tag that a running pool names means the same image tomorrow.
  docker_config {
    immutable_tags = each.value.immutable_tags
  }

  # Scans every push once the project has containerscanning.googleapis.com, which is billed by the image.
  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  cleanup_policy_dry_run = false

  cleanup_policies {
    id     = "untagged"
    action = "DELETE"

    condition {
      tag_state  = "UNTAGGED"
      older_than = "${each.value.keep_untagged_days * 86400}s"
    }
  }

  # "Keep" only holds back from "delete", and nothing deletes a tagged image while tags are immutable.
  dynamic "cleanup_policies" {
    for_each = each.value.immutable_tags ? [] : ["tagged"]

    content {
      id     = "tagged"
      action = "DELETE"

      condition {
        tag_state = "TAGGED"
      }
    }
  }

  dynamic "cleanup_policies" {
    for_each = each.value.immutable_tags ? [] : [each.value.keep_images]

    content {
      id     = "newest"
      action = "KEEP"

      most_recent_versions {
        keep_count = cleanup_policies.value
      }
    }
  }
}
