variable "name" {
  description = "Name of the environment; the pool, its roles and its accounts are called after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.name}\"."
  }
}

variable "issuers" {
  description = "Who signs the tokens of jobs, by a short name: URL of the issuer, the audience that tokens are made for (none: the provider's own name), what a job is called in logs (an expression of at most 127 bytes), and claims that every token has to have, each with one of its values. `jobs` in their place is the beginning of subjects of a Jenkins, whose tokens have no other claims: the address of a job with its branches."
  type = map(object({
    url      = string
    audience = optional(string, "")
    subject  = optional(string, "assertion.sub")
    claims   = optional(map(list(string)), {})
    jobs     = optional(string, "")
  }))
  nullable = false

  validation {
    condition     = alltrue([for issuer in var.issuers : issuer.jobs == "" || can(regex("^https://[a-z0-9][a-z0-9.:-]*(/[A-Za-z0-9._-]+)*/job/[A-Za-z0-9._-]+/job/$", issuer.jobs))])
    error_message = "issuers: jobs is https://<host>/job/<job>/job/; got ${jsonencode([for issuer in var.issuers : issuer.jobs])}."
  }

  validation {
    condition     = alltrue([for name, issuer in var.issuers : can(regex("^[a-z][a-z0-9-]{2,30}[a-z0-9]$", name)) && can(regex("^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*$", issuer.url))])
    error_message = "issuers: names of 4 to 32 lower-case letters, digits and hyphens, and URLs https://<host>/<path> without a slash at the end; got ${jsonencode({ for name, issuer in var.issuers : name => issuer.url })}."
  }

  validation {
    condition     = alltrue([for issuer in var.issuers : (length(issuer.claims) > 0 || issuer.jobs != "") && alltrue(flatten([for claim, values in issuer.claims : [can(regex("^[a-z][a-z0-9_]*$", claim)), length(values) > 0, [for value in values : can(regex("^[A-Za-z0-9._:/@+%-]+$", value))]]]))])
    error_message = "issuers: claims name at least one, with values of letters, digits and ._:/@+%- alone; got ${jsonencode([for issuer in var.issuers : issuer.claims])}."
  }

  validation {
    condition     = alltrue([for issuer in var.issuers : can(regex("^('[a-z:/]+'|assertion\\.[a-z_]+)( \\+ ('[a-z:/]+'|assertion\\.[a-z_]+))*$", issuer.subject))])
    error_message = "issuers: subject is a sum of claims and quoted texts, such as 'run:' + assertion.run_id; got ${jsonencode([for issuer in var.issuers : issuer.subject])}."
  }
}

variable "trusts" {
  description = "Whose tokens each account is for, by the issuer's name: `plan` for proposed changes, `drift` for what is merged, `apply` for the protected environment. Every claim has to have one of its values. `plan` without claims takes every token that the issuer's own claims admit, or those whose subjects begin with one of `branches`."
  type = object({
    plan  = list(object({ issuer = string, claims = optional(map(list(string)), {}), branches = optional(list(string), []) }))
    drift = list(object({ issuer = string, claims = map(list(string)) }))
    apply = list(object({ issuer = string, claims = map(list(string)) }))
  })
  nullable = false

  validation {
    condition     = alltrue([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : contains(keys(var.issuers), trust.issuer)])
    error_message = "trusts: issuer is one of issuers; got ${jsonencode(distinct([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : trust.issuer]))}."
  }

  validation {
    condition     = alltrue(flatten([for trust in var.trusts.plan : [for subject in trust.branches : can(regex("^https://[a-z0-9][a-z0-9.:-]*(/[A-Za-z0-9._-]+)*/job/[A-Za-z0-9._-]+/job/PR-$", subject))]]))
    error_message = "trusts: branches are https://<host>/job/<job>/job/PR-; got ${jsonencode(flatten([for trust in var.trusts.plan : trust.branches]))}."
  }

  validation {
    condition     = alltrue([for trust in concat(var.trusts.drift, var.trusts.apply) : length(trust.claims) > 0]) && alltrue(flatten([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : [for claim, values in trust.claims : [can(regex("^[a-z][a-z0-9_]*$", claim)), length(values) > 0, [for value in values : can(regex("^[A-Za-z0-9._:/@+%-]+$", value))]]]]))
    error_message = "trusts: claims have values of letters, digits and ._:/@+%- alone, and drift and apply have some; got ${jsonencode(var.trusts)}."
  }
}

variable "state" {
  description = "Where Terraform's states are: bucket, folder in it, and the roots whose states `apply` writes; `plan` reads those of all roots in the folder."
  type = object({
    bucket = string
    prefix = string
    roots  = list(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$", var.state.bucket)) && can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", var.state.prefix))
    error_message = "state: a bucket's name and a folder without slashes around it; got ${jsonencode(var.state)}."
  }

  validation {
    condition     = length(var.state.roots) > 0 && alltrue([for root in var.state.roots : can(regex("^[0-9]{2}-[a-z][a-z-]*$", root))])
    error_message = "state: roots are folders such as 10-foundation; got ${jsonencode(var.state.roots)}."
  }
}

variable "cluster_location" {
  description = "Region or zone of the cluster, which is called as the environment and which `apply` administers; null: there is none."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_location == null ? true : can(regex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?$", var.cluster_location))
    error_message = "cluster_location: null, or a region or zone such as us-central1; got ${jsonencode(var.cluster_location)}."
  }
}

variable "cluster_dns_endpoint" {
  description = "Whether the cluster is reached by its DNS name: `drift`, which has no permission for the cluster otherwise, may connect to it."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.cluster_dns_endpoint || var.cluster_location != null
    error_message = "cluster_dns_endpoint: a cluster has it, and cluster_location says that there is none; got true."
  }
}

variable "run_as" {
  description = "Service accounts as which the environment runs, by the part of their address before the @, as the modules name and describe them: `apply` acts as these and no others."
  type = map(object({
    display_name = string
    description  = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for account in keys(var.run_as) : can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", account)) && startswith(account, substr("${var.name}-", 0, 30))])
    error_message = "run_as: 6 to 30 lower-case letters, digits and hyphens that begin with the environment's name; got ${join(", ", keys(var.run_as))}."
  }
}

variable "permissions" {
  description = "What Terraform calls for the resources of the environment: `read` to read them back, `write` to make, change and destroy them; `grants`, the roles that an apply may give somebody in the project."
  type = object({
    read   = list(string)
    write  = list(string)
    grants = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = alltrue([for permission in var.permissions.read : can(regex("^[a-zA-Z]+(\\.[a-zA-Z]+)+\\.(get|list)[a-zA-Z]*$", permission))]) && length(setintersection(var.permissions.read, local.data_permissions)) == 0
    error_message = "permissions: read only looks (get, list), and at no object; got ${join(", ", var.permissions.read)}."
  }

  validation {
    condition     = alltrue([for permission in var.permissions.write : can(regex("^[a-zA-Z]+(\\.[a-zA-Z]+)+$", permission)) && !contains(local.kept_from_apply, permission)])
    error_message = "permissions: write has none that makes keys or tokens of accounts, or acts as all of them; got ${join(", ", setintersection(var.permissions.write, local.kept_from_apply))}."
  }

  validation {
    condition     = alltrue([for role in var.permissions.grants : can(regex("^roles/[a-zA-Z0-9.]+$", role)) && !contains(["roles/owner", "roles/editor"], role)])
    error_message = "permissions: grants are predefined roles, neither owner nor editor; got ${join(", ", var.permissions.grants)}."
  }
}
