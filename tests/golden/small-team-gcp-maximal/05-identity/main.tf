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
        repository_id       = ["5678"]
        repository_owner_id = ["1234"]
      }
    }
    gitlab = {
      url = "https://gitlab.example.com"
      claims = {
        project_id = ["4711"]
      }
    }
    jenkins = {
      url  = "https://tokens.example.com/jenkins"
      jobs = "https://jenkins.example.com/job/platform/job/infra/job/"
    }
  }
  trusts = {
    plan = [
      {
        issuer = "github"
        claims = {
          sub = [
            "repo:acme@1234/infra@5678:pull_request",
            "repo:acme@1234/infra@5678:ref:refs/heads/trunk",
          ]
        }
      },
      {
        issuer = "gitlab"
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.example.com/job/platform/job/infra/job/trunk/"]
        }
        branches = ["https://jenkins.example.com/job/platform/job/infra/job/PR-"]
      },
    ]
    drift = [
      {
        issuer = "github"
        claims = {
          sub = ["repo:acme@1234/infra@5678:ref:refs/heads/trunk"]
        }
      },
      {
        issuer = "gitlab"
        claims = {
          ref_protected = ["true"]
          sub           = ["project_path:acme/platform/infra:ref_type:branch:ref:trunk"]
        }
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.example.com/job/platform/job/infra/job/trunk/"]
        }
      },
    ]
    apply = [
      {
        issuer = "github"
        claims = {
          job_workflow_ref = ["acme/infra/.github/workflows/groundplan.yml@refs/heads/trunk"]
          ref              = ["refs/heads/trunk"]
          sub              = ["repo:acme@1234/infra@5678:environment:small-team-apply"]
        }
      },
      {
        issuer = "gitlab"
        claims = {
          environment   = ["small-team-apply"]
          ref_protected = ["true"]
          sub           = ["project_path:acme/platform/infra:ref_type:branch:ref:trunk"]
        }
      },
      {
        issuer = "jenkins"
        claims = {
          sub = ["https://jenkins.example.com/job/platform/job/infra/job/trunk/"]
        }
      },
    ]
  }
  state = {
    bucket = "small-team-tfstate-04513289"
    prefix = "platforms/small-team"
    roots  = ["10-foundation", "20-platform"]
  }
  cluster_location     = "us-central1-a"
  cluster_dns_endpoint = true
  run_as = {
    small-team-nodes = {
      display_name = "Nodes of small-team"
    }
    small-team-mlflow = {
      display_name = "MLflow of small-team"
      description  = "Its artifacts and its secret"
    }
  }
  permissions = {
    read = [
      "artifactregistry.repositories.get",
      "artifactregistry.repositories.getIamPolicy",
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
      "compute.forwardingRules.get",
      "compute.forwardingRules.list",
      "compute.globalAddresses.get",
      "compute.globalOperations.get",
      "compute.instanceGroupManagers.get",
      "compute.networks.get",
      "compute.regionBackendServices.get",
      "compute.regionNetworkEndpointGroups.get",
      "compute.regionOperations.get",
      "compute.regionSecurityPolicies.get",
      "compute.regionSslPolicies.get",
      "compute.regionTargetHttpsProxies.get",
      "compute.regionUrlMaps.get",
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
      "run.operations.get",
      "run.services.get",
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
      "artifactregistry.repositories.setIamPolicy",
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
      "compute.forwardingRules.create",
      "compute.forwardingRules.delete",
      "compute.forwardingRules.setLabels",
      "compute.forwardingRules.update",
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
      "compute.regionBackendServices.create",
      "compute.regionBackendServices.delete",
      "compute.regionBackendServices.update",
      "compute.regionBackendServices.use",
      "compute.regionNetworkEndpointGroups.create",
      "compute.regionNetworkEndpointGroups.delete",
      "compute.regionSecurityPolicies.create",
      "compute.regionSecurityPolicies.delete",
      "compute.regionSecurityPolicies.update",
      "compute.regionSslPolicies.create",
      "compute.regionSslPolicies.delete",
      "compute.regionSslPolicies.update",
      "compute.regionTargetHttpsProxies.create",
      "compute.regionTargetHttpsProxies.delete",
      "compute.regionTargetHttpsProxies.update",
      "compute.regionUrlMaps.create",
      "compute.regionUrlMaps.delete",
      "compute.regionUrlMaps.update",
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
      "run.services.create",
      "run.services.delete",
      "run.services.update",
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
