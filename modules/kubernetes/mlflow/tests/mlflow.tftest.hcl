# The call shown in README.md.
variables {
  region           = "us-east-1"
  secret_name      = "fraud-dev/mlflow"
  artifacts_bucket = "fraud-dev-mlflow-1a2b3c4d"
  database         = { cidr_blocks = ["10.20.0.0/18"] }
  system_pool      = { node_selector = { "groundplan/pool" = "system" } }
  clients          = { namespaces = ["training", "serving"] }
}

run "serves_with_a_password" {
  command = plan

  assert {
    condition     = contains(one([for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : c if c.name == "server"]).args, "--app-name=basic-auth")
    error_message = "Every request asks for a user."
  }

  assert {
    condition     = contains(one([for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : c if c.name == "server"]).args, "--artifacts-destination=s3://fraud-dev-mlflow-1a2b3c4d/artifacts")
    error_message = "Artifacts go through the server to the bucket."
  }

  assert {
    condition     = one([for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e if e.name == "DEFAULT_PERMISSION"]).value == "READ"
    error_message = "Users read what is not theirs."
  }

  assert {
    condition     = output.mlflow.cluster_url == "http://mlflow.mlflow.svc.cluster.local:5000" && output.mlflow.url == null
    error_message = "Without an Ingress there is no address outside the cluster."
  }
}

run "upgrades_before_it_serves" {
  command = plan

  assert {
    condition     = [for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container : c.name] == ["fetch-secret", "upgrade-schema"]
    error_message = "First the secret, then the schema."
  }

  assert {
    condition     = kubernetes_deployment_v1.mlflow.spec[0].strategy[0].rolling_update[0].max_unavailable == "0"
    error_message = "A pod goes when the next one serves."
  }
}

run "keeps_nothing_secret" {
  command = plan

  assert {
    condition     = alltrue([for v in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].volume : v.empty_dir[0].medium == "Memory" if v.name == "secrets"])
    error_message = "Secrets are in memory."
  }

  assert {
    condition     = !kubernetes_service_account_v1.mlflow.automount_service_account_token && !kubernetes_default_service_account_v1.mlflow.automount_service_account_token
    error_message = "No pod gets a token for the Kubernetes API."
  }

  assert {
    condition     = toset(keys(kubernetes_config_map_v1.mlflow.data)) == toset(["fetch_secret.py", "metrics.py", "serve.py", "upgrade_schema.py"])
    error_message = "The config map holds scripts alone."
  }
}

run "lets_in_named_namespaces_only" {
  command = plan

  assert {
    condition     = toset(kubernetes_network_policy_v1.server.spec[0].ingress[0].from[0].namespace_selector[0].match_expressions[0].values) == toset(["training", "serving"]) && kubernetes_network_policy_v1.server.spec[0].ingress[0].ports[0].port == "5000"
    error_message = "Named namespaces reach the server."
  }

  assert {
    condition     = kubernetes_network_policy_v1.server.spec[0].ingress[1].from[0].namespace_selector[0].match_labels["kubernetes.io/metadata.name"] == "monitoring" && kubernetes_network_policy_v1.server.spec[0].ingress[1].ports[0].port == "9464"
    error_message = "Monitoring reaches the metrics and nothing else."
  }

  assert {
    condition     = length(kubernetes_network_policy_v1.default_deny.spec[0].ingress) == 0 && length(kubernetes_network_policy_v1.default_deny.spec[0].egress) == 0 && length(kubernetes_network_policy_v1.default_deny.spec[0].policy_types) == 2
    error_message = "What is not allowed is refused, both ways."
  }
}

run "nobody_by_default" {
  command = plan
  variables { clients = {} }

  assert {
    condition     = length(kubernetes_network_policy_v1.server.spec[0].ingress) == 1 && length(kubernetes_ingress_v1.mlflow) == 0
    error_message = "Without clients only the metrics are reachable."
  }
}

run "checks_the_database_by_published_authorities" {
  command = plan

  assert {
    condition     = { for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e.name => e.value if startswith(e.name, "DATABASE_") } == { DATABASE_CA_URL = "https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem" }
    error_message = "Without certificates given, the server fetches those of the region."
  }
}

run "checks_cloud_sql_by_its_name" {
  command = plan
  variables {
    region      = null
    project     = "fraud-dev"
    secret_name = "fraud-dev-mlflow"
    database    = { cidr_blocks = ["10.20.32.0/20"], ca_bundle_pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", server_name = "1a2b.3c4d.us-central1.sql.goog." }
  }

  assert {
    condition     = { for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e.name => e.value if startswith(e.name, "DATABASE_") } == { DATABASE_CA_BUNDLE = "/etc/mlflow/database-ca.pem", DATABASE_SSLMODE = "verify-ca", DATABASE_SERVER_NAME = "1a2b.3c4d.us-central1.sql.goog." }
    error_message = "The certificate is of the given authorities and holds the given name."
  }
}

run "checks_the_database_by_given_authorities" {
  command = plan
  variables {
    database = { cidr_blocks = ["10.20.0.0/18"], ca_bundle_pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" }
  }

  assert {
    condition     = one([for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e if e.name == "DATABASE_CA_BUNDLE"]).value == "/etc/mlflow/database-ca.pem" && contains(keys(kubernetes_config_map_v1.mlflow.data), "database-ca.pem")
    error_message = "The scripts find the certificates."
  }
}

run "internal_load_balancer" {
  command = plan
  variables {
    clients = { cidr_blocks = ["10.20.64.0/18"] }
    ingress = { host = "mlflow.example.com", certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0" }
  }

  assert {
    condition     = kubernetes_ingress_v1.mlflow[0].metadata[0].annotations["alb.ingress.kubernetes.io/scheme"] == "internal" && kubernetes_ingress_v1.mlflow[0].metadata[0].annotations["alb.ingress.kubernetes.io/ssl-redirect"] == "443"
    error_message = "Internal, and HTTP leads to HTTPS."
  }

  assert {
    condition     = output.mlflow.url == "https://mlflow.example.com" && strcontains(join(" ", one([for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : c if c.name == "server"]).args), ",mlflow.example.com --cors-allowed-origins=http://localhost:*,http://127.0.0.1:*,https://mlflow.example.com ")
    error_message = "The server knows its name, and takes requests of its own pages."
  }
}

run "load_balancer_without_a_name" {
  command = plan
  variables {
    clients = { cidr_blocks = ["10.20.64.0/18"] }
    ingress = {}
  }

  assert {
    condition     = output.mlflow.url == null && strcontains(join(" ", one([for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : c if c.name == "server"]).args), ",internal-*.us-east-1.elb.amazonaws.com ")
    error_message = "The load balancer's own name is allowed."
  }
}

run "other_controller" {
  command = plan
  variables {
    clients = { namespaces = ["ingress-nginx"] }
    ingress = { class_name = "nginx", host = "mlflow.example.com", tls_secret_name = "mlflow-tls", annotations = { "nginx.ingress.kubernetes.io/proxy-body-size" = "0" } }
  }

  assert {
    condition     = kubernetes_ingress_v1.mlflow[0].metadata[0].annotations == tomap({ "nginx.ingress.kubernetes.io/proxy-body-size" = "0" }) && kubernetes_ingress_v1.mlflow[0].spec[0].tls[0].secret_name == "mlflow-tls"
    error_message = "Only what the caller says goes to another controller."
  }
}

run "on_google_cloud" {
  command = plan
  variables {
    region           = null
    project          = "fraud-dev"
    secret_name      = "fraud-dev-mlflow"
    artifacts_bucket = "fraud-dev-mlflow-1a2b3c4d"
    clients          = { namespaces = ["training"], cidr_blocks = ["10.20.64.0/26"] }
    ingress          = { class_name = "gce-internal", host = "mlflow.example.com", certificate = "projects/fraud-dev/regions/us-central1/sslCertificates/mlflow", address = "fraud-dev-mlflow" }
  }

  assert {
    condition     = contains(one([for c in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : c if c.name == "server"]).args, "--artifacts-destination=gs://fraud-dev-mlflow-1a2b3c4d/artifacts")
    error_message = "Artifacts go to Cloud Storage."
  }

  assert {
    condition     = one([for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e.value if e.name == "SECRET_URL"]) == "https://secretmanager.googleapis.com/v1/projects/fraud-dev/secrets/fraud-dev-mlflow/versions/latest:access"
    error_message = "The secret is read from Google Secret Manager."
  }

  assert {
    condition     = length([for e in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].init_container[0].env : e if startswith(e.name, "AWS_") || e.name == "SECRET_NAME"]) == 0
    error_message = "Nothing of AWS is left."
  }

  assert {
    condition = kubernetes_ingress_v1.mlflow[0].metadata[0].annotations == tomap({
      "kubernetes.io/ingress.class"                   = "gce-internal"
      "kubernetes.io/ingress.allow-http"              = "false"
      "ingress.gcp.kubernetes.io/pre-shared-cert"     = "mlflow"
      "kubernetes.io/ingress.regional-static-ip-name" = "fraud-dev-mlflow"
    })
    error_message = "An internal load balancer with our certificate and address, and HTTPS alone."
  }

  assert {
    condition     = jsondecode(kubernetes_service_v1.mlflow.metadata[0].annotations["cloud.google.com/neg"]).ingress && jsondecode(kubernetes_service_v1.mlflow.metadata[0].annotations["cloud.google.com/backend-config"]).default == yamldecode(helm_release.backend_config[0].values[0]).name
    error_message = "The load balancer talks to pods, as the BackendConfig says."
  }

  assert {
    condition     = yamldecode(helm_release.backend_config[0].values[0]).spec.timeoutSec == 3600 && yamldecode(helm_release.backend_config[0].values[0]).spec.healthCheck.requestPath == "/health"
    error_message = "Large artifacts have an hour, and pods are well when they say so."
  }

  assert {
    condition     = [for from in kubernetes_network_policy_v1.server.spec[0].ingress[0].from : from.ip_block[0].cidr if length(from.ip_block) > 0] == ["10.20.64.0/26", "35.191.0.0/16", "130.211.0.0/22"]
    error_message = "Proxies and health checks come in."
  }

  assert {
    condition     = toset([for e in kubernetes_network_policy_v1.server.spec[0].egress : "${e.to[0].ip_block[0].cidr} ${e.ports[0].port}" if try(startswith(e.to[0].ip_block[0].cidr, "169.254."), false)]) == toset(["169.254.169.254/32 80", "169.254.169.252/32 988"])
    error_message = "Pods reach the metadata server that gives them their identity."
  }

  assert {
    condition     = toset([for to in kubernetes_network_policy_v1.server.spec[0].egress[0].to : to.ip_block[0].cidr if length(to.ip_block) > 0]) == toset(["169.254.20.10/32", "169.254.169.254/32"])
    error_message = "Pods reach the resolvers of their node."
  }

  assert {
    condition     = contains(flatten([for to in kubernetes_network_policy_v1.server.spec[0].egress[0].to : [for pods in to.pod_selector : [for e in pods.match_expressions : tolist(e.values)]]]), "node-local-dns")
    error_message = "Pods reach the resolver that GKE's dataplane puts before the cluster's."
  }
}

run "no_load_balancer_on_google_cloud" {
  command = plan
  variables {
    region      = null
    project     = "fraud-dev"
    secret_name = "fraud-dev-mlflow"
  }

  assert {
    condition     = length(helm_release.backend_config) == 0 && length(coalesce(kubernetes_service_v1.mlflow.metadata[0].annotations, {})) == 0 && length(kubernetes_ingress_v1.mlflow) == 0
    error_message = "Without an Ingress nothing of a load balancer is made."
  }
}

run "refuses_both_clouds" {
  command = plan
  variables {
    project = "fraud-dev"
  }
  expect_failures = [var.project]
}

run "refuses_project_number" {
  command = plan
  variables {
    region      = null
    project     = "123456789012"
    secret_name = "fraud-dev-mlflow"
  }
  expect_failures = [var.project]
}

run "refuses_slash_in_secret_name_on_google_cloud" {
  command = plan
  variables {
    region  = null
    project = "fraud-dev"
  }
  expect_failures = [var.secret_name]
}

run "refuses_server_name_on_aws" {
  command = plan
  variables {
    database = { cidr_blocks = ["10.20.0.0/18"], server_name = "db.example.com" }
  }
  expect_failures = [var.database]
}

run "refuses_address_without_gce" {
  command = plan
  variables {
    ingress = { host = "mlflow.example.com", address = "fraud-dev-mlflow" }
  }
  expect_failures = [var.ingress]
}

run "refuses_gce_without_host" {
  command = plan
  variables {
    ingress = { class_name = "gce-internal" }
  }
  expect_failures = [var.ingress]
}

run "refuses_zone_as_region" {
  command = plan
  variables {
    region = "us-east-1a"
  }
  expect_failures = [var.region]
}

run "refuses_blank_in_secret_name" {
  command = plan
  variables {
    secret_name = "fraud dev"
  }
  expect_failures = [var.secret_name]
}

run "refuses_bucket_arn" {
  command = plan
  variables {
    artifacts_bucket = "arn:aws:s3:::fraud-dev"
  }
  expect_failures = [var.artifacts_bucket]
}

run "refuses_database_anywhere" {
  command = plan
  variables {
    database = { cidr_blocks = ["0.0.0.0/0"] }
  }
  expect_failures = [var.database]
}

run "refuses_database_port_0" {
  command = plan
  variables {
    database = { cidr_blocks = ["10.20.0.0/18"], port = 0 }
  }
  expect_failures = [var.database]
}

run "refuses_bundle_that_is_a_path" {
  command = plan
  variables {
    database = { cidr_blocks = ["10.20.0.0/18"], ca_bundle_pem = "rds-ca.pem" }
  }
  expect_failures = [var.database]
}

run "refuses_default_account" {
  command = plan
  variables {
    identity = { service_account = "default" }
  }
  expect_failures = [var.identity]
}

run "refuses_system_namespace" {
  command = plan
  variables {
    identity = { namespace = "kube-system" }
  }
  expect_failures = [var.identity]
}

run "takes_a_tag_with_its_digest" {
  command = plan
  variables {
    image = "ghcr.io/mlflow/mlflow:v3.17.0-full@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }

  assert {
    condition     = alltrue([for container in kubernetes_deployment_v1.mlflow.spec[0].template[0].spec[0].container : container.image == var.image])
    error_message = "The image is pulled by both."
  }
}

run "refuses_image_without_tag" {
  command = plan
  variables {
    image = "ghcr.io/mlflow/mlflow"
  }
  expect_failures = [var.image]
}

run "refuses_latest" {
  command = plan
  variables {
    image = "ghcr.io/mlflow/mlflow:latest-full"
  }
  expect_failures = [var.image]
}

run "refuses_fewer_than_min" {
  command = plan
  variables {
    replicas = { min = 3, max = 2 }
  }
  expect_failures = [var.replicas]
}

run "refuses_no_cpu" {
  command = plan
  variables {
    resources = { cpu = 0 }
  }
  expect_failures = [var.resources]
}

run "refuses_half_a_worker" {
  command = plan
  variables {
    resources = { workers = 1.5 }
  }
  expect_failures = [var.resources]
}

run "refuses_too_little_memory" {
  command = plan
  variables {
    resources = { memory_gib = 1, workers = 2 }
  }
  expect_failures = [var.resources]
}

run "refuses_no_scratch" {
  command = plan
  variables {
    resources = { scratch_gib = 0 }
  }
  expect_failures = [var.resources]
}

run "refuses_no_selector" {
  command = plan
  variables {
    system_pool = { node_selector = {} }
  }
  expect_failures = [var.system_pool]
}

run "refuses_namespace_with_capitals" {
  command = plan
  variables {
    clients = { namespaces = ["Training"] }
  }
  expect_failures = [var.clients]
}

run "refuses_clients_anywhere" {
  command = plan
  variables {
    clients = { cidr_blocks = ["0.0.0.0/0"] }
  }
  expect_failures = [var.clients]
}

run "refuses_ingress_nobody_may_use" {
  command = plan
  variables {
    clients = {}
    ingress = {}
  }
  expect_failures = [var.ingress]
}

run "refuses_host_with_scheme" {
  command = plan
  variables {
    ingress = { host = "https://mlflow.example.com" }
  }
  expect_failures = [var.ingress]
}

run "refuses_alb_with_tls_secret" {
  command = plan
  variables {
    ingress = { tls_secret_name = "mlflow-tls" }
  }
  expect_failures = [var.ingress]
}

run "refuses_nginx_without_host" {
  command = plan
  variables {
    ingress = { class_name = "nginx" }
  }
  expect_failures = [var.ingress]
}

run "refuses_unknown_permission" {
  command = plan
  variables {
    default_permission = "ADMIN"
  }
  expect_failures = [var.default_permission]
}

run "a_collector_outside_the_cluster" {
  command = plan
  variables {
    clients = { metrics_cidr_blocks = ["10.20.64.0/18"] }
  }

  assert {
    condition     = one([for rule in kubernetes_network_policy_v1.server.spec[0].ingress : [for from in rule.from : from.ip_block[0].cidr if length(from.ip_block) > 0] if one(rule.ports).port == "9464"]) == ["10.20.64.0/18"]
    error_message = "addresses without a pod read the metrics, and the server not"
  }
}

run "rejects_metrics_for_everybody" {
  command = plan
  variables {
    clients = { metrics_cidr_blocks = ["0.0.0.0/0"] }
  }
  expect_failures = [var.clients]
}
