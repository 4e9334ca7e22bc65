# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "services" {
  source = "../modules/gcp/services"

  apis = [
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
  ]
}

module "ci_identity" {
  source = "../modules/gcp/ci_identity"

  name = var.name
  issuers = {
    github = {
      url     = "https://token.actions.githubusercontent.com"
      subject = "'github:' + assertion.repository_id + ':' + assertion.run_id"
      claims = {
        repository_id       = ["564738291"]
        repository_owner_id = ["10293847"]
      }
    }
    gitlab = {
      url = "https://gitlab.com"
      claims = {
        project_id = ["48151623"]
      }
    }
    jenkins = {
      url  = "https://jenkins.acme-fraud.example/oidc"
      jobs = "https://jenkins.acme-fraud.example/job/platform/job/fraud-infra/job/"
    }
  }
  trusts = {
    plan = [
      {
        issuer = "github"
        claims = {
          sub = [
            "repo:acme-fraud@10293847/fraud-infra@564738291:pull_request",
            "repo:acme-fraud@10293847/fraud-infra@564738291:ref:refs/heads/main",
          ]
        }
      },
      {
        issuer = "gitlab"
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.acme-fraud.example/job/platform/job/fraud-infra/job/main/"]
        }
        branches = ["https://jenkins.acme-fraud.example/job/platform/job/fraud-infra/job/PR-"]
      },
    ]
    drift = [
      {
        issuer = "github"
        claims = {
          sub = ["repo:acme-fraud@10293847/fraud-infra@564738291:ref:refs/heads/main"]
        }
      },
      {
        issuer = "gitlab"
        claims = {
          ref_protected = ["true"]
          sub           = ["project_path:acme-fraud/fraud-infra:ref_type:branch:ref:main"]
        }
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.acme-fraud.example/job/platform/job/fraud-infra/job/main/"]
        }
      },
    ]
    apply = [
      {
        issuer = "github"
        claims = {
          job_workflow_ref = ["acme-fraud/fraud-infra/.github/workflows/groundplan.yml@refs/heads/main"]
          ref              = ["refs/heads/main"]
          sub              = ["repo:acme-fraud@10293847/fraud-infra@564738291:environment:fraud-prod-gcp-apply"]
        }
      },
      {
        issuer = "gitlab"
        claims = {
          environment   = ["fraud-prod-gcp-apply"]
          ref_protected = ["true"]
          sub           = ["project_path:acme-fraud/fraud-infra:ref_type:branch:ref:main"]
        }
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.acme-fraud.example/job/platform/job/fraud-infra/job/main/"]
        }
      },
    ]
  }
  state = {
    bucket = "fraud-prod-gcp-tfstate-e5803712"
    prefix = "fraud-prod-gcp"
    roots  = ["10-foundation", "20-platform"]
  }
  cluster_location = var.region
  run_as = {
    fraud-prod-gcp-nodes = {
      display_name = "Nodes of fraud-prod-gcp"
    }
  }
  permissions = {
    read = [
      "artifactregistry.repositories.get",
      "cloudkms.cryptoKeyVersions.list",
      "cloudkms.cryptoKeys.get",
      "cloudkms.cryptoKeys.getIamPolicy",
      "cloudkms.keyRings.get",
      "cloudsql.databases.get",
      "cloudsql.instances.get",
      "cloudsql.instances.listServerCas",
      "cloudsql.users.list",
      "compute.addresses.get",
      "compute.disks.list",
      "compute.firewalls.get",
      "compute.forwardingRules.list",
      "compute.globalAddresses.get",
      "compute.globalOperations.get",
      "compute.instanceGroupManagers.get",
      "compute.networks.get",
      "compute.regionOperations.get",
      "compute.routers.get",
      "compute.routes.get",
      "compute.subnetworks.get",
      "container.clusters.get",
      "container.operations.get",
      "dns.changes.get",
      "dns.changes.list",
      "dns.managedZones.get",
      "dns.resourceRecordSets.get",
      "dns.resourceRecordSets.list",
      "iam.roles.get",
      "iam.serviceAccounts.get",
      "iam.serviceAccounts.getIamPolicy",
      "iam.workloadIdentityPoolProviders.get",
      "iam.workloadIdentityPools.get",
      "logging.buckets.get",
      "logging.cmekSettings.get",
      "logging.exclusions.get",
      "logging.logMetrics.get",
      "logging.sinks.get",
      "monitoring.alertPolicies.get",
      "monitoring.notificationChannels.get",
      "resourcemanager.projects.get",
      "resourcemanager.projects.getIamPolicy",
      "secretmanager.secrets.get",
      "secretmanager.secrets.getIamPolicy",
      "secretmanager.versions.get",
      "servicenetworking.services.get",
      "serviceusage.services.get",
      "serviceusage.services.list",
      "storage.buckets.get",
      "storage.buckets.getIamPolicy",
    ]
    write = [
      "artifactregistry.repositories.create",
      "artifactregistry.repositories.delete",
      "artifactregistry.repositories.update",
      "cloudkms.cryptoKeyVersions.destroy",
      "cloudkms.cryptoKeys.create",
      "cloudkms.cryptoKeys.setIamPolicy",
      "cloudkms.cryptoKeys.update",
      "cloudkms.keyRings.create",
      "cloudsql.databases.create",
      "cloudsql.databases.delete",
      "cloudsql.databases.update",
      "cloudsql.instances.create",
      "cloudsql.instances.delete",
      "cloudsql.instances.update",
      "cloudsql.users.create",
      "cloudsql.users.delete",
      "cloudsql.users.update",
      "compute.addresses.create",
      "compute.addresses.createInternal",
      "compute.addresses.delete",
      "compute.addresses.deleteInternal",
      "compute.addresses.setLabels",
      "compute.addresses.use",
      "compute.firewalls.create",
      "compute.firewalls.delete",
      "compute.firewalls.update",
      "compute.globalAddresses.create",
      "compute.globalAddresses.createInternal",
      "compute.globalAddresses.delete",
      "compute.globalAddresses.deleteInternal",
      "compute.globalAddresses.setLabels",
      "compute.networks.addPeering",
      "compute.networks.create",
      "compute.networks.delete",
      "compute.networks.removePeering",
      "compute.networks.update",
      "compute.networks.updatePeering",
      "compute.networks.updatePolicy",
      "compute.networks.use",
      "compute.routers.create",
      "compute.routers.delete",
      "compute.routers.update",
      "compute.routes.create",
      "compute.routes.delete",
      "compute.subnetworks.create",
      "compute.subnetworks.delete",
      "compute.subnetworks.update",
      "compute.subnetworks.use",
      "container.clusters.create",
      "container.clusters.delete",
      "container.clusters.update",
      "dns.changes.create",
      "dns.managedZones.create",
      "dns.managedZones.delete",
      "dns.managedZones.update",
      "dns.networks.bindPrivateDNSZone",
      "dns.resourceRecordSets.create",
      "dns.resourceRecordSets.delete",
      "dns.resourceRecordSets.update",
      "iam.serviceAccounts.create",
      "iam.serviceAccounts.delete",
      "iam.serviceAccounts.update",
      "logging.buckets.create",
      "logging.buckets.delete",
      "logging.buckets.update",
      "logging.exclusions.create",
      "logging.exclusions.delete",
      "logging.exclusions.update",
      "logging.logMetrics.create",
      "logging.logMetrics.delete",
      "logging.logMetrics.update",
      "logging.sinks.create",
      "logging.sinks.delete",
      "logging.sinks.update",
      "monitoring.alertPolicies.create",
      "monitoring.alertPolicies.delete",
      "monitoring.alertPolicies.update",
      "monitoring.notificationChannels.create",
      "monitoring.notificationChannels.delete",
      "monitoring.notificationChannels.update",
      "resourcemanager.projects.setIamPolicy",
      "secretmanager.secrets.create",
      "secretmanager.secrets.delete",
      "secretmanager.secrets.setIamPolicy",
      "secretmanager.secrets.update",
      "secretmanager.versions.add",
      "secretmanager.versions.destroy",
      "secretmanager.versions.disable",
      "secretmanager.versions.enable",
      "servicenetworking.services.addPeering",
      "servicenetworking.services.deleteConnection",
      "serviceusage.services.enable",
      "storage.buckets.create",
      "storage.buckets.delete",
      "storage.buckets.setIamPolicy",
      "storage.buckets.update",
    ]
    grants = ["roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount"]
  }

  depends_on = [module.services]
}
