"""Which Terraform and OpenTofu modules and roots take."""

from __future__ import annotations

TERRAFORM_FLOOR = "1.11"
"""The oldest Terraform and OpenTofu that modules and roots accept: write-only arguments came with 1.11 of both."""
TERRAFORM_VERSIONS = f">= {TERRAFORM_FLOOR}, < 2.0"
