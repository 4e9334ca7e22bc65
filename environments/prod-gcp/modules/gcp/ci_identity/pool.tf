resource "google_iam_workload_identity_pool" "this" {
  workload_identity_pool_id = "${local.short}-ci"
  display_name              = "${local.short} pipelines"
  description               = "Jobs that plan and apply ${var.name}"
}

# The attribute `grant` names the account that a token is for; members of the pool without one are let in nowhere.
resource "google_iam_workload_identity_pool_provider" "this" {
  #checkov:skip=CKV_GCP_125:GP920 reports a planned provider that is held to no id; checkov 3.3.30 knows a literal subject alone (2026-11-29)
  for_each = var.issuers

  workload_identity_pool_id          = google_iam_workload_identity_pool.this.workload_identity_pool_id
  workload_identity_pool_provider_id = each.key
  description                        = "Tokens of ${each.value.url}"
  attribute_condition                = local.admitted[each.key]

  # Subjects of tokens may be longer than the 127 bytes that Google takes; they name the job in logs, and let in nobody.
  attribute_mapping = {
    "google.subject"  = each.value.subject
    "attribute.grant" = "${local.grants[each.key]}'none'"
  }

  oidc {
    issuer_uri        = each.value.url
    allowed_audiences = each.value.audience == "" ? null : [each.value.audience]
  }
}
