terraform {
  # 1.11 is the first with write-only arguments.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.40"
    }
    # 3.7 is the first with the ephemeral password.
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
}
