"""What is wrong with a folder of Terraform: fmt, validate, plan, checkov, own rules and freshness, in one report."""
