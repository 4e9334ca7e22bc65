# A service agent is there once its service has been used, or is asked for: IAM refuses a grant to one that is not there.
# https://cloud.google.com/iam/docs/create-service-agents
# A destroy leaves it, and asking again for one that is there changes nothing.
resource "google_project_service_identity" "this" {
  provider = google-beta

  for_each = setintersection(local.services, keys(local.asked_for))

  # In the provider's project: one read from data is not known while something before this module changes, and the agent would be made anew.
  service = local.asked_for[each.key]
}
