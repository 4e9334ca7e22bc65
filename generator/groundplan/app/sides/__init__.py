"""The two environments that a change leads between, each as a folder that Terraform may read."""
