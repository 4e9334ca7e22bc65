# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "state_store" {
  source = "../modules/aws/state_store"

  bucket            = "llm-finetuning-tfstate-dfc049b9"
  access_log_bucket = "llm-finetuning-tfstate-logs-dfc049b9"
}
