# Google APIs at addresses that are routed inside Google only, so that they are reached without NAT and do not depend on it.

resource "google_compute_route" "private_google" {
  name             = "${var.name}-private-google"
  network          = google_compute_network.this.id
  dest_range       = local.private_google_cidr
  next_hop_gateway = "default-internet-gateway"
  priority         = 100
}

resource "google_dns_managed_zone" "private_google" {
  for_each = local.private_google_zones

  name        = "${var.name}-${each.key}"
  dns_name    = each.value.domain
  description = "Google APIs inside ${var.name}"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

resource "google_dns_record_set" "private_google_addresses" {
  for_each = local.private_google_zones

  managed_zone = google_dns_managed_zone.private_google[each.key].name
  name         = each.value.addressed
  type         = "A"
  ttl          = 300
  rrdatas      = local.private_google_ips
}

resource "google_dns_record_set" "private_google_names" {
  for_each = local.private_google_zones

  managed_zone = google_dns_managed_zone.private_google[each.key].name
  name         = "*.${each.value.domain}"
  type         = "CNAME"
  ttl          = 300
  rrdatas      = [each.value.addressed]
}
