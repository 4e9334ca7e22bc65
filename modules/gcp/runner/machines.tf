resource "google_compute_instance_template" "this" {
  name           = "${local.runner_name}-${local.template_digest}"
  description    = "A runner of ${var.name} for one job"
  region         = var.region
  machine_type   = var.machines.machine_type
  can_ip_forward = false
  labels         = var.tags

  disk {
    boot         = true
    auto_delete  = true
    source_image = local.image
    disk_size_gb = var.machines.disk_gib
    disk_type    = local.disk_type
    labels       = var.tags

    disk_encryption_key {
      kms_key_self_link = var.kms_keys.disk
    }
  }

  # No address of its own: the way out is the network's.
  network_interface {
    subnetwork = data.google_container_cluster.this.subnetwork
  }

  service_account {
    email  = google_service_account.this.email
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = {
    block-project-ssh-keys = "true"
    enable-oslogin         = "TRUE"
    serial-port-enable     = "FALSE"
    startup-script         = local.script
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Holds the number: a machine that has done its job stops, and the group makes it anew from what the template says by then. A new
# template takes no machine from its job.
# https://docs.cloud.google.com/compute/docs/instance-groups/about-repair
resource "google_compute_region_instance_group_manager" "this" {
  name                             = local.runner_name
  description                      = "Runners of the pipeline of ${var.name}"
  region                           = var.region
  base_instance_name               = local.runner_name
  target_size                      = var.machines.count
  distribution_policy_zones        = var.zones
  distribution_policy_target_shape = "ANY"

  version {
    instance_template = google_compute_instance_template.this.id
  }

  instance_lifecycle_policy {
    force_update_on_repair = "YES"
  }

  update_policy {
    type                         = "OPPORTUNISTIC"
    minimal_action               = "REPLACE"
    instance_redistribution_type = "NONE"
    max_surge_fixed              = 0
    max_unavailable_fixed        = length(var.zones)
  }

  depends_on = [google_secret_manager_secret_iam_member.this]
}
