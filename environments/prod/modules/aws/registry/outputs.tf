output "registry" {
  description = "`repositories` by the names of the input: `name` in ECR, `arn`, and the `url` that images are pushed to and pulled from."
  value = {
    repositories = {
      for name, repository in aws_ecr_repository.this : name => {
        name = repository.name
        arn  = repository.arn
        url  = repository.repository_url
      }
    }
  }
}
