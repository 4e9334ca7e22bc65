locals {
  shared = var.server_ca_mode == "GOOGLE_MANAGED_CAS_CA"

  # Also one that has been added and does not sign yet, and one that signed before.
  # https://docs.cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances/listServerCas
  certificates = distinct(concat(data.google_sql_ca_certs.this.certs[*].cert, flatten(data.google_sql_database_instance.this[*].server_ca_cert[*].cert)))

  server_names = flatten([
    for instance in data.google_sql_database_instance.this :
    [for entry in instance.dns_names : entry.name if entry.connection_type == "PRIVATE_SERVICES_ACCESS"]
  ])
}
