locals {
  dashboards = {
    for file in fileset("${path.module}/dashboards", "*.json") : trimsuffix(file, ".json") => file
    if lookup(local.parts, trimsuffix(file, ".json"), true)
  }

  # People come by single sign-on and may look. The secret stays in the cluster, in the environment of the container.
  oidc_ini = var.grafana.oidc == null ? {} : {
    "auth.generic_oauth" = {
      enabled             = true
      client_id           = var.grafana.oidc.client_id
      auth_url            = var.grafana.oidc.auth_url
      token_url           = var.grafana.oidc.token_url
      api_url             = var.grafana.oidc.api_url
      scopes              = "openid profile email groups"
      use_pkce            = true
      allow_sign_up       = true
      role_attribute_path = var.grafana.oidc.admin_group == "" ? "'Viewer'" : "contains(groups[*], '${var.grafana.oidc.admin_group}') && 'Admin' || 'Viewer'"
    }
  }

  grafana_values = {
    grafana = merge(local.placement, {
      fullnameOverride = "grafana"

      # No password here: the chart makes one of 40 characters in the cluster, once, in the secret grafana.

      # Dashboards are files and data lives in Prometheus, so nothing needs to survive a restart.
      persistence = { enabled = false }

      # The default would let Grafana read the secrets of every namespace.
      rbac = { namespaced = true }

      sidecar = {
        securityContext = local.restricted_container
        resources = {
          requests = { cpu = "10m", memory = "96Mi" }
          limits   = { memory = "192Mi" }
        }
        dashboards = {
          searchNamespace  = var.namespace
          folderAnnotation = "grafana_folder"
          provider         = { foldersFromFilesStructure = true }
        }
      }

      "grafana.ini" = merge(local.oidc_ini, {
        server           = var.grafana.url == null ? {} : { root_url = var.grafana.url }
        users            = { allow_sign_up = false, auto_assign_org_role = "Viewer" }
        security         = { cookie_secure = var.grafana.url != null, cookie_samesite = "lax", disable_gravatar = true }
        "auth.anonymous" = { enabled = false }
        analytics        = { reporting_enabled = false, check_for_updates = false, check_for_plugin_updates = false }
      })

      envValueFrom = var.grafana.oidc == null ? {} : {
        GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET = {
          secretKeyRef = { name = var.grafana.oidc.client_secret.name, key = var.grafana.oidc.client_secret.key }
        }
      }

      securityContext          = merge(local.restricted_pod, { runAsUser = 472, runAsGroup = 472, fsGroup = 472 })
      containerSecurityContext = { for key, value in local.restricted_container : key => value if key != "readOnlyRootFilesystem" }

      resources = {
        requests = { cpu = "100m", memory = "256Mi" }
        limits   = { memory = "512Mi" }
      }
    })
  }
}

# Grafana's sidecar picks up every config map with the label.
resource "kubernetes_config_map_v1" "dashboard" {
  for_each = local.dashboards

  metadata {
    name        = "dashboard-${each.key}"
    namespace   = kubernetes_namespace_v1.servers.metadata[0].name
    labels      = { grafana_dashboard = "1" }
    annotations = { grafana_folder = "groundplan" }
  }

  data = { (each.value) = file("${path.module}/dashboards/${basename(each.value)}") }
}
