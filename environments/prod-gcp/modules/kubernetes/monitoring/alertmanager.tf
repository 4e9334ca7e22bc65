locals {
  # Files that the operator mounts from the secrets; Alertmanager reads them when it sends, so a changed secret needs no restart.
  secret_files = {
    for name, reference in {
      email     = try(var.alerts.email.password, null)
      slack     = try(var.alerts.slack.webhook_url, null)
      pagerduty = try(var.alerts.pagerduty.routing_key, null)
      heartbeat = try(var.alerts.heartbeat.url, null)
    } : name => "/etc/alertmanager/secrets/${reference.name}/${reference.key}" if reference != null
  }
  mounted_secrets = sort(distinct([for file in values(local.secret_files) : split("/", file)[4]]))

  alert_title = "[{{ .Status | toUpper }}] {{ .CommonLabels.alertname }} in {{ .CommonLabels.cluster }}"
  alert_text  = "{{ range .Alerts }}{{ .Labels.severity }}: {{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n\n{{ end }}"

  # One receiver configuration per way out, in the words of Alertmanager.
  ways_out = {
    sns = var.alerts.sns == null ? {} : {
      sns_configs = [{
        topic_arn     = var.alerts.sns.topic_arn
        sigv4         = { region = split(":", var.alerts.sns.topic_arn)[3] }
        subject       = local.alert_title
        message       = local.alert_text
        send_resolved = true
      }]
    }
    email = var.alerts.email == null ? {} : {
      email_configs = [{
        for key, value in {
          to                 = join(", ", var.alerts.email.to)
          from               = var.alerts.email.from
          smarthost          = var.alerts.email.smarthost
          auth_username      = var.alerts.email.username
          auth_password_file = lookup(local.secret_files, "email", null)
          require_tls        = true
          send_resolved      = true
        } : key => value if value != null
      }]
    }
    slack = var.alerts.slack == null ? {} : {
      slack_configs = [{
        api_url_file  = local.secret_files.slack
        channel       = var.alerts.slack.channel
        title         = local.alert_title
        text          = local.alert_text
        send_resolved = true
      }]
    }
    pagerduty = var.alerts.pagerduty == null ? {} : {
      pagerduty_configs = [{
        routing_key_file = local.secret_files.pagerduty
        description      = local.alert_title
        severity         = "{{ .CommonLabels.severity }}"
        send_resolved    = true
      }]
    }
    log = var.alerts.log == null ? {} : {
      webhook_configs = [{
        url           = "${local.alert_log_url}/alerts"
        send_resolved = true
        max_alerts    = 200
      }]
    }
  }

  # Whoever expects the Watchdog: a service outside by its secret address, and the log.
  heartbeats = concat(
    [for heartbeat in [var.alerts.heartbeat] : { url_file = local.secret_files.heartbeat, send_resolved = false } if heartbeat != null],
    [for log in [var.alerts.log] : { url = "${local.alert_log_url}/heartbeat", send_resolved = false, max_alerts = 1 } if log != null],
  )

  alertmanager_values = {
    alertmanager = {
      # The name that pod identity gives the right to publish to a topic.
      serviceAccount = { name = "alertmanager" }

      # With two members a drain of one node loses no alert.
      podDisruptionBudget = { enabled = true }

      alertmanagerSpec = merge(local.placement, {
        replicas                     = 2
        secrets                      = local.mounted_secrets
        automountServiceAccountToken = false

        storage = {
          volumeClaimTemplate = {
            spec = {
              storageClassName = var.storage.class
              accessModes      = ["ReadWriteOnce"]
              resources        = { requests = { storage = "1Gi" } }
            }
          }
        }

        resources = {
          requests = { cpu = "10m", memory = "64Mi" }
          limits   = { memory = "128Mi" }
        }
      })

      config = {
        route = {
          receiver        = "warning"
          group_by        = ["alertname", "namespace"]
          group_wait      = "30s"
          group_interval  = "5m"
          repeat_interval = "${var.alerts.repeat_hours}h"

          routes = [
            { receiver = "heartbeat", matchers = ["alertname = Watchdog"], group_wait = "0s", group_interval = "1m", repeat_interval = "1m" },
            { receiver = "nobody", matchers = ["severity = info"] },
            { receiver = "nobody", matchers = ["alertname = InfoInhibitor"] },
            { receiver = "critical", matchers = ["severity = critical"] },
          ]
        }

        receivers = [
          merge({ name = "critical" }, local.ways_out.sns, local.ways_out.email, local.ways_out.slack, local.ways_out.log, local.ways_out.pagerduty),
          merge({ name = "warning" }, local.ways_out.sns, local.ways_out.email, local.ways_out.slack, local.ways_out.log),
          merge({ name = "heartbeat" }, length(local.heartbeats) > 0 ? { webhook_configs = local.heartbeats } : {}),
          { name = "nobody" },
        ]

        inhibit_rules = [
          { source_matchers = ["severity = critical"], target_matchers = ["severity =~ warning|info"], equal = ["alertname", "namespace"] },
          { source_matchers = ["severity = warning"], target_matchers = ["severity = info"], equal = ["alertname", "namespace"] },
          { source_matchers = ["alertname = InfoInhibitor"], target_matchers = ["severity = info"], equal = ["namespace"] },
          # The fast burn says it all; a failed training job says more than the chart's own alert.
          { source_matchers = ["alertname = ServingErrorBudgetBurnsFast"], target_matchers = ["alertname = ServingErrorBudgetBurnsSlowly"], equal = ["namespace", "service"] },
          { source_matchers = ["alertname = TrainingJobFailed"], target_matchers = ["alertname = KubeJobFailed"], equal = ["namespace", "job_name"] },
        ]
      }
    }
  }
}
