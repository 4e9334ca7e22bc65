# Made anew in every run and stored nowhere by Terraform. What is made counts only in the run that raises password_version, and the
# database and the secret get the same value because one run writes both.

# Letters and digits only: RDS refuses / @ " and spaces, and nothing has to be escaped in a URL.
ephemeral "random_password" "database" {
  length  = 40
  special = false
}

ephemeral "random_password" "admin" {
  length  = 32
  special = false
}

ephemeral "random_password" "session_key" {
  length  = 64
  special = false
}

resource "aws_secretsmanager_secret" "this" {
  #checkov:skip=CKV2_AWS_57:GP917 reports the planned secret; clients read it when they start, so a rotation between two starts would lock them out
  name        = var.secret.name
  description = "How to reach PostgreSQL ${var.name}, and the keys of the server in front of it"
  kms_key_id  = var.kms_key

  # A name that must be free again was unprotected first; one that was not is deleted by mistake.
  recovery_window_in_days = coalesce(var.secret.recovery_days, var.deletion_protection ? 30 : 0)
}

resource "aws_secretsmanager_secret_version" "this" {
  count = var.secret.password_version > 0 ? 1 : 0

  secret_id                = aws_secretsmanager_secret.this.id
  secret_string_wo_version = var.secret.password_version
  secret_string_wo = jsonencode({
    host             = aws_db_instance.this.address
    port             = local.port
    username         = aws_db_instance.this.username
    password         = ephemeral.random_password.database.result
    dbname           = aws_db_instance.this.db_name
    admin_password   = ephemeral.random_password.admin.result
    flask_secret_key = ephemeral.random_password.session_key.result
  })
}
