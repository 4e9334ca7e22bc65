variable "id" {
  description = "ID of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^vpc-[0-9a-f]{8,17}$", var.id))
    error_message = "id: a VPC ID such as vpc-0a1b2c3d4e5f60718; got \"${var.id}\"."
  }
}

variable "private_subnet_ids" {
  description = "IDs of the subnets for nodes, each in a zone of its own, with a route to AWS APIs (NAT or endpoints)."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) >= 2 && length(var.private_subnet_ids) <= 6
    error_message = "private_subnet_ids: 2 to 6 subnets, EKS needs two; got ${length(var.private_subnet_ids)}."
  }

  validation {
    condition     = alltrue([for id in var.private_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "private_subnet_ids: subnet IDs such as subnet-0a1b2c3d4e5f60718; got [${join(", ", var.private_subnet_ids)}]."
  }
}

variable "public_subnet_ids" {
  description = "IDs of the subnets for load balancers that face the internet; none by default."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.public_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "public_subnet_ids: subnet IDs such as subnet-0a1b2c3d4e5f60718; got [${join(", ", var.public_subnet_ids)}]."
  }

  validation {
    condition     = length(setintersection(var.public_subnet_ids, var.private_subnet_ids)) == 0
    error_message = "public_subnet_ids: no subnet that private_subnet_ids names too; both name [${join(", ", setintersection(var.public_subnet_ids, var.private_subnet_ids))}]."
  }
}
