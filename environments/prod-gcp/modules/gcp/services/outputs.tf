output "services" {
  description = "`apis`: names of the APIs, sorted, once they answer."
  value = {
    apis = sort([for service in google_project_service.this : service.service])
  }
}
