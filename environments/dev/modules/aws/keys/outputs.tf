output "keys" {
  description = "Key of each purpose: `id`, which the other modules take (its ARN), and `alias`."
  value = {
    for purpose, key in aws_kms_key.this : purpose => {
      id    = key.arn
      alias = aws_kms_alias.this[purpose].name
    }
  }
}
