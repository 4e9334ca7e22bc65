# Thumbprints are left out: AWS holds the certificates of issuers to its own list of authorities.
resource "aws_iam_openid_connect_provider" "this" {
  for_each = { for name, issuer in var.issuers : name => issuer if !issuer.existing }

  url            = "https://${each.key}"
  client_id_list = [each.value.audience]
}
