# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "local" {}
}
