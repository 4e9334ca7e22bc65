data "google_sql_ca_certs" "this" {
  instance = var.instance
}

# Names are asked for where the certificate holds one: an authority of the region signs for the instances of every customer.
data "google_sql_database_instance" "this" {
  count = local.shared ? 1 : 0

  name = var.instance
}
