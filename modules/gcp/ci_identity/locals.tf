data "google_project" "this" {}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")

  # Names of accounts have 30 characters, those of pools 32: longer ones end in a part of their hash.
  short = length(var.name) <= 18 ? var.name : "${trimsuffix(substr(var.name, 0, 11), "-")}-${substr(sha256(var.name), 0, 6)}"
  roles = ["plan", "drift", "apply"]

  # Custom roles' names have no hyphens.
  role_prefix = "${replace(var.name, "-", "_")}_ci"

  data_permissions = ["secretmanager.versions.access", "storage.objects.get", "storage.objects.list"]
  kept_from_apply = [
    "iam.serviceAccountKeys.create",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.getAccessToken",
    "iam.serviceAccounts.getOpenIdToken",
    "iam.serviceAccounts.implicitDelegation",
    "iam.serviceAccounts.signBlob",
    "iam.serviceAccounts.signJwt",
    "iam.workloadIdentityPoolProviders.create",
    "iam.workloadIdentityPoolProviders.update",
    "iam.workloadIdentityPools.create",
    "iam.workloadIdentityPools.update",
  ]
  project_grants = ["resourcemanager.projects.setIamPolicy"]

  # CEL: each claim has one of its values. What a token does not have is an error, which is no consent; where another account follows it is
  # asked for first, since an error would take that away too: GitLab names an environment in tokens of its jobs alone.
  # https://docs.cloud.google.com/iam/docs/workload-identity-federation#conditions
  admitted = { for name, issuer in var.issuers : name => join(" && ", concat(
    [for claim, values in issuer.claims : "assertion.${claim} in ['${join("', '", values)}']"],
    issuer.jobs == "" ? [] : ["assertion.sub.startsWith('${issuer.jobs}')"],
  )) }
  branches = { plan = { for name in keys(var.issuers) : name => flatten([for trust in var.trusts.plan : trust.branches if trust.issuer == name]) } }
  asked = { for role in local.roles : role => [
    for trust in var.trusts[role] : length(trust.claims) == 0 ? "true" : format("(%s)", join(" && ", [
      for claim, values in trust.claims :
      format("%sassertion.%s in ['%s']", claim == "sub" ? "" : "has(assertion.${claim}) && ", claim, join("', '", values))
    ]))
  ] }
  wanted = { for role in local.roles : role => { for name in keys(var.issuers) : name => concat(
    [
      for index, trust in var.trusts[role] : local.asked[role][index]
      if trust.issuer == name && (length(trust.claims) > 0 || length(lookup(trust, "branches", [])) == 0)
    ],
    [for subject in try(local.branches[role][name], []) : "assertion.sub.startsWith('${subject}')"],
  ) } }
  # The strongest account that a token is for. It takes the weaker ones, too: a job of Jenkins has one subject for all.
  takes = merge([
    for index, role in local.roles : {
      for weaker in slice(local.roles, 0, index + 1) :
      weaker == role ? role : "${role}_as_${weaker}" => { grant = role, account = weaker }
    }
  ]...)
  grants = { for name in keys(var.issuers) : name => join("", [
    for role in reverse(local.roles) : "${join(" || ", local.wanted[role][name])} ? '${role}' : "
    if length(local.wanted[role][name]) > 0
  ]) }

  state_bucket = "projects/_/buckets/${var.state.bucket}"
  states       = "${local.state_bucket}/objects/${var.state.prefix}"
}
