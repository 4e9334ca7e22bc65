locals {
  descriptions = {
    plan  = "Plans ${var.name} for proposed changes; reads settings, no data and no secrets"
    drift = "Compares ${var.name} with its states, from the default branch alone"
    apply = "Applies ${var.name}, from its protected environment alone"
  }

  trusts = {
    plan  = var.trusts.plan
    drift = [for trust in var.trusts.drift : merge(trust, { branches = [] })]
    apply = [for trust in var.trusts.apply : merge(trust, { branches = [] })]
  }

  # GitLab's tokens for merge requests differ in the branch alone, which comes last: everything before it is compared as it is.
  trust_statements = { for role, trusts in local.trusts : role => concat(
    [for trust in trusts : {
      Sid       = "Tokens"
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.issuer_arns[trust.issuer] }
      Condition = { StringEquals = merge(
        { "${trust.issuer}:aud" = [var.issuers[trust.issuer].audience] },
        { for claim, values in trust.claims : "${trust.issuer}:${claim}" => values },
      ) }
    } if length(lookup(trust.claims, "sub", [])) > 0],
    [for trust in trusts : {
      Sid       = "TokensOfBranches"
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.issuer_arns[trust.issuer] }
      Condition = {
        StringEquals = merge(
          { "${trust.issuer}:aud" = [var.issuers[trust.issuer].audience] },
          { for claim, values in trust.claims : "${trust.issuer}:${claim}" => values if claim != "sub" },
        )
        StringLike = { "${trust.issuer}:sub" = [for subject in trust.branches : "${subject}*"] }
      }
    } if length(trust.branches) > 0],
  ) }
}
