output "object_store" {
  description = "`buckets` by the short names of the input: `name` and `id`, its ARN; `log_bucket`: the same of the bucket with their access logs."
  value = {
    # The ARN from the name, so that the first plan shows whole policies of who reads and writes.
    buckets    = { for key, bucket in aws_s3_bucket.this : key => { name = bucket.bucket, id = local.bucket_arns[key] } }
    log_bucket = { name = aws_s3_bucket.logs.bucket, id = aws_s3_bucket.logs.arn }
  }

  # Nothing is written before the bucket is closed and encrypts.
  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
