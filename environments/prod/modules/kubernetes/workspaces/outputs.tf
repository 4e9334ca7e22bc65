output "workspaces" {
  description = "Namespaces by name, with the names of their service accounts."
  value = { for name, workspace in var.workspaces : name => {
    namespace        = kubernetes_namespace_v1.workspace[name].metadata[0].name
    service_accounts = workspace.service_accounts
  } }

  depends_on = [
    kubernetes_limit_range_v1.workspace,
    kubernetes_network_policy_v1.collectors,
    kubernetes_network_policy_v1.default_deny_ingress,
    kubernetes_network_policy_v1.egress,
    kubernetes_network_policy_v1.egress_to,
    kubernetes_network_policy_v1.named_namespaces,
    kubernetes_network_policy_v1.same_namespace,
    kubernetes_resource_quota_v1.gpus,
    kubernetes_service_account_v1.workload,
  ]
}
