output "database" {
  description = "The database, reachable by its clients, and the secret that says how: `secret_id` is its ARN."
  value = {
    endpoint          = aws_db_instance.this.address
    port              = local.port
    name              = aws_db_instance.this.db_name
    identifier        = aws_db_instance.this.identifier
    secret_id         = aws_secretsmanager_secret.this.arn
    secret_name       = aws_secretsmanager_secret.this.name
    security_group_id = aws_security_group.this.id
  }

  # A client that starts before these finds no password, or nobody at home.
  depends_on = [
    aws_secretsmanager_secret_version.this,
    aws_vpc_security_group_ingress_rule.client,
  ]
}
