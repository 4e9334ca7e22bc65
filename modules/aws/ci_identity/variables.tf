variable "name" {
  description = "Name of the environment: what it makes is called `<name>` or begins with `<name>-` or `<name>/`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", var.name))
    error_message = "name: 2 to 40 lower-case letters, digits and hyphens; got \"${var.name}\"."
  }
}

variable "issuers" {
  description = "Who signs the tokens of jobs, by the issuer's URL without `https://`: the audience that tokens are made for, and whether the account has its OpenID Connect provider already. An account has one for each issuer."
  type = map(object({
    audience = string
    existing = optional(bool, false)
  }))
  nullable = false

  validation {
    condition     = alltrue([for issuer in keys(var.issuers) : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*$", issuer))])
    error_message = "issuers: host and path of a URL, without https:// and without a slash at the end; got ${jsonencode(keys(var.issuers))}."
  }

  validation {
    condition     = alltrue([for issuer in var.issuers : can(regex("^[^*?\\s]+$", issuer.audience))])
    error_message = "issuers: an audience is one text without wildcards; got ${jsonencode([for issuer in var.issuers : issuer.audience])}."
  }
}

variable "trusts" {
  description = <<-EOT
    Whose tokens each role accepts: `plan` for proposed changes, `drift` for what is merged, `apply` for the protected environment. Every claim has to have
    one of its values; `branches` beside them are the beginnings of subjects that name a project in full and end before the branch.
  EOT
  type = object({
    plan  = list(object({ issuer = string, claims = map(list(string)), branches = optional(list(string), []) }))
    drift = list(object({ issuer = string, claims = map(list(string)) }))
    apply = list(object({ issuer = string, claims = map(list(string)) }))
  })
  nullable = false

  validation {
    condition     = alltrue([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : contains(keys(var.issuers), trust.issuer)])
    error_message = "trusts: issuer is one of issuers; got ${jsonencode(distinct([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : trust.issuer]))}."
  }

  validation {
    condition     = alltrue([for trust in concat(var.trusts.drift, var.trusts.apply) : length(lookup(trust.claims, "sub", [])) > 0]) && alltrue([for trust in var.trusts.plan : length(lookup(trust.claims, "sub", [])) + length(trust.branches) > 0])
    error_message = "trusts: every one names subjects, in claims.sub or, of plan alone, in branches; got ${jsonencode(var.trusts)}."
  }

  validation {
    condition     = alltrue(flatten([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : [for values in values(trust.claims) : length(values) > 0 && alltrue([for value in values : can(regex("^[^*?\\s]+$", value))])]]))
    error_message = "trusts: claims have whole values without wildcards; got ${jsonencode([for trust in concat(var.trusts.plan, var.trusts.drift, var.trusts.apply) : trust.claims])}."
  }

  validation {
    condition     = alltrue(flatten([for trust in var.trusts.plan : [for subject in trust.branches : can(regex("^(project_path:[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+:ref_type:branch:ref:|https://[a-z0-9][a-z0-9.:-]*(/[A-Za-z0-9._-]+)*/job/[A-Za-z0-9._-]+/job/PR-)$", subject))]]))
    error_message = "trusts: branches are project_path:<group>/<project>:ref_type:branch:ref: with the whole path of a project, or https://<host>/job/<job>/job/PR-; got ${jsonencode(flatten([for trust in var.trusts.plan : trust.branches]))}."
  }
}

variable "state" {
  description = "Where Terraform's states are: bucket, folder in it, region of the bucket, the bucket with the log of its accesses, and the roots whose states `apply` writes; `plan` and `drift` read those of all roots in the folder."
  type = object({
    bucket = string
    prefix = string
    region = string
    roots  = list(string)
    # Null: the log of accesses is kept by somebody else.
    log_bucket = optional(string)
    # Whether saved plans have a key of their own, as modules/aws/state_store makes it.
    plans_key = optional(bool, false)
  })
  nullable = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state.bucket)) && can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", var.state.prefix))
    error_message = "state: a bucket's name and a folder without wildcards and slashes around it; got ${jsonencode(var.state)}."
  }

  validation {
    condition     = length(var.state.roots) > 0 && alltrue([for root in var.state.roots : can(regex("^[0-9]{2}-[a-z][a-z-]*$", root))])
    error_message = "state: roots are folders such as 10-foundation; got ${jsonencode(var.state.roots)}."
  }
}

variable "actions" {
  description = "What Terraform calls for the resources of the environment: `read` to read them back, `write` to make, change and destroy them. What takes a resource is held to those of the environment."
  type = object({
    read  = list(string)
    write = list(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for action in var.actions.read : can(regex("^[a-z0-9-]+:(Describe|Get|List|View)[A-Za-z0-9]*$", action))])
    error_message = "actions: read only looks: Describe, Get, List and View; got ${join(", ", [for action in var.actions.read : action if !can(regex("^[a-z0-9-]+:(Describe|Get|List|View)[A-Za-z0-9]*$", action))])}."
  }

  validation {
    condition     = length(setintersection(var.actions.read, local.secret_actions)) == 0
    error_message = "actions: nobody reads secrets or objects with read; got ${join(", ", setintersection(var.actions.read, local.secret_actions))}."
  }

  validation {
    condition     = alltrue([for action in var.actions.write : contains(keys(local.scopes), split(":", action)[0]) && can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "actions: write is of services that locals.tf has a scope for, without wildcards; got ${join(", ", [for action in var.actions.write : action if !contains(keys(local.scopes), split(":", action)[0])])}."
  }
}

variable "buckets" {
  description = "Names of the environment's own buckets. Jobs set them up; only what Terraform writes into states is read."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for bucket in var.buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket)) && bucket != var.state.bucket])
    error_message = "buckets: names of buckets, without wildcards and without the bucket of the states; got ${jsonencode(var.buckets)}."
  }
}

variable "session_hours" {
  description = "Hours that a job may hold the role `apply`, from 1 to 12; those that only read have one."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.session_hours >= 1 && var.session_hours <= 12 && floor(var.session_hours) == var.session_hours
    error_message = "session_hours: a whole number from 1 to 12; got ${var.session_hours}."
  }
}
