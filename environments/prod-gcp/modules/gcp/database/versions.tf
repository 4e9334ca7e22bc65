terraform {
  # 1.11 is the first with write-only arguments.
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0, < 9.0"
    }
    # 3.7 is the first with the ephemeral password.
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
}
