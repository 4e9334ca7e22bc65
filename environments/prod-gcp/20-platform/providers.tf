# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

provider "google" {
  project        = var.account_id
  region         = var.region
  default_labels = var.tags
}

data "google_container_cluster" "this" {
  name     = var.name
  location = var.region
}

# A token for an hour at most, kept in memory only: ephemeral values reach neither the plan nor the state. The data
# source of the same name would write it into the state.
ephemeral "google_client_config" "this" {}

# The private address: whoever applies this root is inside the network. The endpoint with a DNS name would let
# in every holder of a token from the internet.
provider "kubernetes" {
  host                   = "https://${data.google_container_cluster.this.endpoint}"
  cluster_ca_certificate = base64decode(data.google_container_cluster.this.master_auth[0].cluster_ca_certificate)
  token                  = ephemeral.google_client_config.this.access_token
}

provider "helm" {
  kubernetes = {
    host                   = "https://${data.google_container_cluster.this.endpoint}"
    cluster_ca_certificate = base64decode(data.google_container_cluster.this.master_auth[0].cluster_ca_certificate)
    token                  = ephemeral.google_client_config.this.access_token
  }
}
