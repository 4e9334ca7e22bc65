output "registry" {
  description = "`repositories` by the names of the input: `name` in Artifact Registry, `id`, and the `url` that images are pushed to and pulled from."
  value = {
    repositories = {
      for name, repository in google_artifact_registry_repository.this : name => {
        name = repository.repository_id
        id   = repository.id
        # A repository holds images by name; this one holds that of its own name.
        url = "${repository.registry_uri}/${coalesce(var.repositories[name].image, name)}"
      }
    }
  }
}
