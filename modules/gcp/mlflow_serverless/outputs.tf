output "mlflow_serverless" {
  description = "The server: the URL for MLFLOW_TRACKING_URI, the address that a DNS record of the host points to, service for gcloud, log bucket, the filter of what is in it, and who the server is."
  value = {
    tracking_uri          = "https://${var.endpoint.host}"
    load_balancer_address = google_compute_address.this.address
    service_name          = google_cloud_run_v2_service.this.name
    log_bucket            = google_logging_project_bucket_config.this.id
    log_filter            = local.log_filter
    service_account       = google_service_account.server.email
  }

  depends_on = [
    google_compute_forwarding_rule.https,
    google_dns_record_set.this,
  ]
}
