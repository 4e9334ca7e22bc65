output "state_store" {
  description = "What a backend block needs: `bucket` (its name) and `kms_key`; `log_bucket`: name of the bucket with the access logs."
  value = {
    bucket     = aws_s3_bucket.this.bucket
    kms_key    = aws_kms_key.this.arn
    log_bucket = aws_s3_bucket.logs.bucket
  }

  # No state is written before the bucket is closed, encrypts and keeps versions.
  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
