output "runner" {
  description = "The runners: name of their group, ARN of the secret that a person puts the token into, and of their role."
  value = {
    group_name = aws_autoscaling_group.this.name
    secret_arn = aws_secretsmanager_secret.this.arn
    role_arn   = aws_iam_role.this.arn
  }
}
