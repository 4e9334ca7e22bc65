"""groundplan: one page of YAML becomes checked, planned and priced Terraform, offline."""

__version__ = "0.1.0"
