output "monitoring" {
  description = "Where the servers are, inside the cluster, and the secret that holds Grafana's administrator."
  value = {
    namespace                    = helm_release.prometheus.namespace
    agents_namespace             = kubernetes_namespace_v1.agents.metadata[0].name
    prometheus_url               = "http://monitoring-prometheus.${helm_release.prometheus.namespace}.svc:9090"
    alertmanager_url             = "http://monitoring-alertmanager.${helm_release.prometheus.namespace}.svc:9093"
    grafana_url                  = coalesce(var.grafana.url, "http://grafana.${helm_release.prometheus.namespace}.svc")
    grafana_admin_secret         = "grafana"
    pushgateway_url              = "http://pushgateway.${helm_release.pushgateway.namespace}.svc:9091"
    alertmanager_service_account = "alertmanager"
    required_secrets             = local.mounted_secrets
    rules                        = sort(keys(local.rules))
    dashboards                   = sort(keys(local.dashboards))
    chart_versions               = var.chart_versions
  }

  depends_on = [
    helm_release.dcgm,
    kubernetes_config_map_v1.dashboard,
    kubernetes_deployment_v1.alert_log,
    kubernetes_network_policy_v1.alert_log,
    kubernetes_network_policy_v1.default_deny_ingress,
    kubernetes_network_policy_v1.push,
    kubernetes_pod_disruption_budget_v1.alert_log,
    kubernetes_service_v1.alert_log,
  ]
}
