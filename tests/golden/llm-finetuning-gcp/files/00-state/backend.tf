# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

terraform {
  backend "gcs" {
    bucket = "llm-finetuning-tfstate-04513289"
    prefix = "llm-finetuning/00-state"
  }
}
