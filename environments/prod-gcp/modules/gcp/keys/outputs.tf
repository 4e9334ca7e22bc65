output "keys" {
  description = "Key of each purpose: `id`, which the other modules take (`projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<purpose>`), and `users`: the services that may use it."
  value = {
    for purpose, key in google_kms_crypto_key.this : purpose => {
      id    = key.id
      users = sort([for grant in local.grants : grant.service if grant.purpose == purpose])
    }
  }

  # A service that meets a key it may not use fails at once, and some do not try again.
  depends_on = [google_kms_crypto_key_iam_member.this]
}
