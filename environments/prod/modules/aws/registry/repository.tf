resource "aws_ecr_repository" "this" {
  for_each = var.repositories

  name = coalesce(each.value.repository, "${var.name}/${each.key}")

  # A tag that a running pool names means the same image tomorrow.
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.kms_key
  }
}

# No repository policy: nodes of this account pull with their own IAM permissions, and nobody else should.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = var.repositories

  repository = aws_ecr_repository.this[each.key].name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images without a tag go after ${each.value.keep_untagged_days} days"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = each.value.keep_untagged_days
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest ${each.value.keep_images} tagged images stay"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["*"]
          countType      = "imageCountMoreThan"
          countNumber    = each.value.keep_images
        }
        action = { type = "expire" }
      },
    ]
  })
}
