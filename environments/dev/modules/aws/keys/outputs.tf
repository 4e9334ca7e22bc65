output "keys" {
  description = "Key of each purpose: `arn`, `id` (the key id) and `alias`."
  value = {
    for purpose, key in aws_kms_key.this : purpose => {
      arn   = key.arn
      id    = key.key_id
      alias = aws_kms_alias.this[purpose].name
    }
  }
}
