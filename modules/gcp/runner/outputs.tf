output "runner" {
  description = "The runners: names of their group and its template, id of the secret that a person puts the token into, and their service account."
  value = {
    group_name      = google_compute_region_instance_group_manager.this.name
    template_name   = google_compute_instance_template.this.name
    secret_id       = google_secret_manager_secret.this.id
    service_account = google_service_account.this.email
  }
}
