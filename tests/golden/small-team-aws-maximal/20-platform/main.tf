# Rendered by groundplan 0.1.0 from groundplan.yaml: change the spec and render again.

module "autoscaler" {
  source = "../modules/kubernetes/autoscaler"

  cluster = {
    name    = var.name
    version = "1.35"
  }
  region = var.region
  identity = {
    namespace       = "kube-system"
    service_account = "cluster-autoscaler"
  }
  system_pool = {
    node_selector = {
      "groundplan/pool" = "system"
    }
  }
  max_nodes = 26
}

module "gpu_plugin" {
  source = "../modules/kubernetes/gpu_plugin"

  pods_per_gpu = [4]
}

module "storage_class" {
  source = "../modules/aws/storage_class"

  kms_key_alias = "alias/${var.name}-cluster"
}

module "workspaces" {
  source = "../modules/kubernetes/workspaces"

  workspaces = {
    training-jobs = {
      service_accounts    = ["jobs"]
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    training-gpu = {
      service_accounts    = ["gpu"]
      max_gpus            = 1
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    training-prepare = {
      service_accounts    = ["prepare"]
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    training-sort = {
      service_accounts    = ["sort"]
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    training-explore = {
      service_accounts    = ["explore"]
      max_gpus            = 8
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    serving-api = {
      service_accounts    = ["api"]
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    serving-steady = {
      service_accounts    = ["steady"]
      max_gpus            = 3
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
    serving-fast-start = {
      service_accounts    = ["fast-start"]
      metrics_cidr_blocks = ["172.20.0.0/19", "172.20.32.0/19", "172.20.64.0/19"]
    }
  }
  egress = {
    node_services = {
      "169.254.170.23/32" = 80
    }
  }
}

module "reader" {
  source = "../modules/kubernetes/reader"

  reader = {
    kind = "Group"
    name = "groundplan:drift"
  }
  objects = {
    ""                  = ["limitranges", "namespaces", "resourcequotas", "serviceaccounts"]
    "networking.k8s.io" = ["networkpolicies"]
    "storage.k8s.io"    = ["storageclasses"]
  }
  release_namespaces = ["kube-system"]

  depends_on = [module.autoscaler, module.gpu_plugin]
}
