output "database_ca" {
  description = "How a client knows the database: `ca_bundle_pem`, all authorities of the instance in PEM, and `server_name`, the name that its certificate must hold instead of the address, null: it holds none (`verify-ca`)."
  value = {
    ca_bundle_pem = join("\n", [for certificate in local.certificates : trimspace(certificate)])
    server_name   = local.shared ? one(local.server_names) : null
  }

  precondition {
    condition     = !local.shared || length(local.server_names) == 1
    error_message = "Instance ${var.instance} has ${length(local.server_names)} names for private services access, and without one its certificate is like that of any other instance of the region: state server_ca_mode GOOGLE_MANAGED_INTERNAL_CA."
  }
}
