"""What another release of groundplan makes of an environment, beside what Terraform does about it."""
