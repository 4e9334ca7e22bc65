# The call shown in README.md.
variables {
  cluster     = { name = "fraud-dev" }
  region      = "us-east-1"
  vpc_id      = "vpc-0123456789abcdef0"
  system_pool = { node_selector = { "groundplan/pool" = "system" } }
  tags        = { environment = "fraud-dev", team = "ML Platform" }
}

run "knows_where_it_is" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).clusterName == "fraud-dev" && yamldecode(helm_release.controller.values[0]).region == "us-east-1" && yamldecode(helm_release.controller.values[0]).vpcId == "vpc-0123456789abcdef0"
    error_message = "Cluster, region and VPC are given, not read from a node's metadata."
  }

  assert {
    condition     = helm_release.controller.namespace == "kube-system" && yamldecode(helm_release.controller.values[0]).serviceAccount.name == "aws-load-balancer-controller"
    error_message = "The service account is the one the identity is bound to."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).defaultTags == { environment = "fraud-dev", team = "ML Platform" }
    error_message = "What it makes has the caller's tags."
  }
}

run "makes_nothing_public" {
  command = plan

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).ingressClassParams.spec.scheme == "internal" && output.load_balancer.scheme == "internal"
    error_message = "The class makes internal load balancers."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).ingressClass == output.load_balancer.ingress_class && yamldecode(helm_release.controller.values[0]).ingressClassParams.name == "alb"
    error_message = "The class with that scheme is the one Ingresses are told to use."
  }

  assert {
    condition     = !yamldecode(helm_release.controller.values[0]).ingressClassConfig.default
    error_message = "An Ingress without a class gets no load balancer."
  }
}

run "public_when_told" {
  command = plan

  variables {
    scheme = "internet-facing"
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).ingressClassParams.spec.scheme == "internet-facing"
    error_message = "The scheme is the caller's."
  }
}

run "stands_in_nobodys_way" {
  command = plan

  assert {
    condition     = !yamldecode(helm_release.controller.values[0]).enableServiceMutatorWebhook
    error_message = "Services are made without asking the controller."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).webhookConfig.ingressValdationFailurePolicy == "Ignore" && yamldecode(helm_release.controller.values[0]).podMutatorWebhookConfig.failurePolicy == "Ignore"
    error_message = "Ingresses and pods are made while the controller is away."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).replicaCount == 2 && yamldecode(helm_release.controller.values[0]).podDisruptionBudget.maxUnavailable == 1 && yamldecode(helm_release.controller.values[0]).nodeSelector["groundplan/pool"] == "system"
    error_message = "Two replicas on the system pool, of which one at most is drained."
  }
}

run "asks_for_no_rights_it_lacks" {
  command = plan

  assert {
    condition     = !yamldecode(helm_release.controller.values[0]).enableShield && !yamldecode(helm_release.controller.values[0]).enableWaf && !yamldecode(helm_release.controller.values[0]).enableWafv2
    error_message = "Shield and WAF, to which the role has no rights, are off."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).securityContext.runAsNonRoot && yamldecode(helm_release.controller.values[0]).securityContext.readOnlyRootFilesystem && !yamldecode(helm_release.controller.values[0]).securityContext.allowPrivilegeEscalation
    error_message = "Not root, read-only, no escalation."
  }
}

run "has_no_secret" {
  command = plan

  assert {
    condition     = !can(yamldecode(helm_release.controller.values[0]).webhookTLS) && yamldecode(helm_release.controller.values[0]).keepTLSSecret && helm_release.controller.set_sensitive == null
    error_message = "The chart makes the webhooks' key in the cluster; no value carries one."
  }
}

run "goes_to_pods" {
  command = plan

  variables {
    system_pool = {
      node_selector = { "groundplan/pool" = "system" }
      tolerations   = [{ key = "system", operator = "Exists" }]
    }
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).defaultTargetType == "ip"
    error_message = "Targets are pods."
  }

  assert {
    condition     = yamldecode(helm_release.controller.values[0]).tolerations[0] == { key = "system", operator = "Exists" }
    error_message = "Tolerations are handed on without what is not set."
  }
}

run "refuses_bad_name" {
  command = plan
  variables {
    cluster = { name = "Fraud Dev" }
  }
  expect_failures = [var.cluster]
}

run "refuses_zone_as_region" {
  command = plan
  variables { region = "us-east-1a" }
  expect_failures = [var.region]
}

run "refuses_name_of_vpc" {
  command = plan
  variables { vpc_id = "fraud-dev" }
  expect_failures = [var.vpc_id]
}

run "refuses_bad_identity" {
  command = plan
  variables {
    identity = { service_account = "load_balancer" }
  }
  expect_failures = [var.identity]
}

run "refuses_no_selector" {
  command = plan
  variables {
    system_pool = { node_selector = {} }
  }
  expect_failures = [var.system_pool]
}

run "refuses_unknown_scheme" {
  command = plan
  variables { scheme = "public" }
  expect_failures = [var.scheme]
}

run "refuses_comma_in_tag" {
  command = plan
  variables {
    tags = { team = "fraud,risk" }
  }
  expect_failures = [var.tags]
}

run "refuses_tag_of_the_controller" {
  command = plan
  variables {
    tags = { "elbv2.k8s.aws/cluster" = "other" }
  }
  expect_failures = [var.tags]
}

run "refuses_version_range" {
  command = plan
  variables { chart_version = "3.x" }
  expect_failures = [var.chart_version]
}
