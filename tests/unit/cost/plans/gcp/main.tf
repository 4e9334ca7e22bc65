provider "google" {
  project = "example-project"
  region  = "us-central1"
}

resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}

resource "google_compute_router" "main" {
  name    = "main"
  network = google_compute_network.main.id
}

resource "google_compute_router_nat" "main" {
  name                               = "main"
  router                             = google_compute_router.main.name
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_compute_instance" "gpu" {
  name         = "gpu"
  zone         = "us-central1-a"
  machine_type = "n1-standard-8"
  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
      size  = 100
      type  = "pd-balanced"
    }
  }
  guest_accelerator {
    type  = "nvidia-tesla-t4"
    count = 1
  }
  scheduling {
    on_host_maintenance = "TERMINATE"
  }
  network_interface {
    network = google_compute_network.main.id
  }
}

resource "google_container_cluster" "main" {
  name                     = "main"
  location                 = "us-central1"
  remove_default_node_pool = true
  initial_node_count       = 1
}

resource "google_container_node_pool" "spot" {
  name           = "spot"
  cluster        = google_container_cluster.main.id
  node_locations = ["us-central1-a", "us-central1-b"]
  node_count     = 1
  node_config {
    machine_type = "g2-standard-4"
    disk_size_gb = 50
    disk_type    = "pd-balanced"
    spot         = true
  }
}

resource "google_sql_database_instance" "main" {
  name             = "main"
  database_version = "POSTGRES_17"
  settings {
    tier              = "db-custom-2-7680"
    availability_type = "REGIONAL"
    disk_size         = 100
  }
}

resource "google_compute_disk" "data" {
  name = "data"
  zone = "us-central1-a"
  type = "pd-ssd"
  size = 200
}

resource "google_compute_global_forwarding_rule" "web" {
  name       = "web"
  target     = "projects/example-project/global/targetHttpProxies/web"
  port_range = "80"
}

resource "google_storage_bucket" "data" {
  name     = "data-of-a-test"
  location = "us-central1"
}

resource "google_bigquery_dataset" "main" {
  dataset_id = "main"
}
