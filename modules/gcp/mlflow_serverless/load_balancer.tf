resource "google_compute_address" "this" {
  name         = local.service_name
  region       = var.region
  address_type = "INTERNAL"
  subnetwork   = var.network.subnetwork_id
}

resource "google_compute_region_network_endpoint_group" "this" {
  name                  = local.service_name
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.this.name
  }
}

# Firewall rules know instances, and the load balancer is none: this is what decides who may connect.
resource "google_compute_region_security_policy" "this" {
  name        = local.service_name
  region      = var.region
  description = "Who may use MLflow of ${var.name}"
  type        = "CLOUD_ARMOR"

  dynamic "rules" {
    for_each = local.client_rules

    content {
      action      = "allow"
      priority    = 1000 + rules.key
      description = "Clients"

      match {
        versioned_expr = "SRC_IPS_V1"

        config {
          src_ip_ranges = rules.value
        }
      }
    }
  }

  rules {
    action      = "deny(403)"
    priority    = 2147483647
    description = "Everybody else"

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}

# No health check and no timeout: with Cloud Run behind it, both are Cloud Run's.
resource "google_compute_region_backend_service" "this" {
  name                  = local.service_name
  region                = var.region
  description           = "MLflow of ${var.name}"
  load_balancing_scheme = "INTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_region_security_policy.this.id

  backend {
    group           = google_compute_region_network_endpoint_group.this.id
    balancing_mode  = "UTILIZATION"
    capacity_scaler = 1
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_region_url_map" "this" {
  name            = local.service_name
  region          = var.region
  default_service = google_compute_region_backend_service.this.id
}

resource "google_compute_region_ssl_policy" "this" {
  name            = local.service_name
  region          = var.region
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_region_target_https_proxy" "this" {
  name                             = local.service_name
  region                           = var.region
  url_map                          = google_compute_region_url_map.this.id
  ssl_policy                       = google_compute_region_ssl_policy.this.id
  ssl_certificates                 = local.certificate_of_manager ? null : [var.endpoint.certificate]
  certificate_manager_certificates = local.certificate_of_manager ? [var.endpoint.certificate] : null
}

# Nothing listens on port 80: a client with the wrong URL must not send its password before it is told.
resource "google_compute_forwarding_rule" "https" {
  name                  = local.service_name
  region                = var.region
  load_balancing_scheme = "INTERNAL_MANAGED"
  ip_protocol           = "TCP"
  port_range            = "443"
  ip_address            = google_compute_address.this.id
  target                = google_compute_region_target_https_proxy.this.id
  network               = var.network.id
  subnetwork            = var.network.subnetwork_id
}

resource "google_dns_record_set" "this" {
  count = var.endpoint.zone_id == null ? 0 : 1

  managed_zone = var.endpoint.zone_id
  name         = "${var.endpoint.host}."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_address.this.address]
}
