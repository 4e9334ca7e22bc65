"""The bucket that keeps Terraform's state, made by a root of its own before the others."""
