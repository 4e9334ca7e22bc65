# Empty: a person puts the token into it, so that neither Terraform nor a state ever has it.
resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:GP917 reports the planned secret; a token of GitHub is renewed by whoever it belongs to
  name        = "${var.name}/runner"
  description = "Token of GitHub by which the runners of ${var.name} register"
  kms_key_id  = data.aws_kms_alias.secret.target_key_arn

  # A lost token is made anew in a minute, and the name is free again at once.
  recovery_window_in_days = 0
}
