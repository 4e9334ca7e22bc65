# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

variables {
  name = "fraud-dev"
  issuers = {
    github = {
      url    = "https://token.actions.githubusercontent.com"
      claims = { repository_owner_id = ["1234"], repository_id = ["5678"] }
    }
  }
  trusts = {
    plan  = [{ issuer = "github", claims = { sub = ["repo:acme@1234/infra@5678:pull_request", "repo:acme@1234/infra@5678:ref:refs/heads/main"] } }]
    drift = [{ issuer = "github", claims = { sub = ["repo:acme@1234/infra@5678:ref:refs/heads/main"] } }]
    apply = [{ issuer = "github", claims = { sub = ["repo:acme@1234/infra@5678:environment:fraud-dev-apply"], ref = ["refs/heads/main"] } }]
  }
  state = { bucket = "acme-tfstate-3f9a1c", prefix = "fraud-dev", roots = ["10-foundation", "20-platform"] }
  permissions = {
    read   = ["compute.networks.get", "storage.buckets.get"]
    write  = ["compute.networks.create", "resourcemanager.projects.setIamPolicy", "storage.buckets.create"]
    grants = ["roles/artifactregistry.reader"]
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["github"].attribute_condition == "assertion.repository_id in ['5678'] && assertion.repository_owner_id in ['1234']"
    error_message = "tokens of the repository by its numbers"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["github"].attribute_mapping["attribute.grant"] == "(has(assertion.ref) && assertion.ref in ['refs/heads/main'] && assertion.sub in ['repo:acme@1234/infra@5678:environment:fraud-dev-apply']) ? 'apply' : (assertion.sub in ['repo:acme@1234/infra@5678:ref:refs/heads/main']) ? 'drift' : (assertion.sub in ['repo:acme@1234/infra@5678:pull_request', 'repo:acme@1234/infra@5678:ref:refs/heads/main']) ? 'plan' : 'none'"
    error_message = "a token is for one account or for none"
  }

  assert {
    condition     = google_service_account.this["plan"].account_id == "fraud-dev-ci-plan" && google_service_account.this["apply"].account_id == "fraud-dev-ci-apply"
    error_message = "accounts are called by the environment"
  }
}

run "what_each_may" {
  command = plan

  assert {
    condition     = google_project_iam_custom_role.this["plan"].permissions == toset(["compute.networks.get", "storage.buckets.get"])
    error_message = "a plan looks"
  }

  assert {
    condition     = google_project_iam_custom_role.this["apply"].permissions == toset(["compute.networks.create", "storage.buckets.create"]) && google_project_iam_custom_role.this["apply"].role_id == "fraud_dev_ci_apply"
    error_message = "grants in the project are no part of it"
  }

  assert {
    condition     = google_project_iam_member.grants[0].condition[0].expression == "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/artifactregistry.reader'])"
    error_message = "an apply gives certain roles and no other"
  }

  assert {
    condition     = alltrue([for grant in google_storage_bucket_iam_member.read : grant.role == "roles/storage.objectViewer" && strcontains(grant.condition[0].expression, "projects/_/buckets/acme-tfstate-3f9a1c/objects/fraud-dev/") && !strcontains(grant.condition[0].expression, "plans")])
    error_message = "all read states of the environment"
  }

  assert {
    condition     = google_storage_bucket_iam_member.put["plans"].role == "roles/storage.objectCreator" && strcontains(google_storage_bucket_iam_member.put["plans"].condition[0].expression, "/groundplan/plans/") && google_storage_bucket_iam_member.saved_plans.role == "roles/storage.objectViewer"
    error_message = "who plans what is merged puts what who applies gets"
  }

  assert {
    condition     = google_storage_bucket_iam_member.write.role == "roles/storage.objectUser" && strcontains(google_storage_bucket_iam_member.write.condition[0].expression, "/fraud-dev/10-foundation/") && !strcontains(google_storage_bucket_iam_member.write.condition[0].expression, "05-identity")
    error_message = "an apply writes the states of its roots"
  }
}

run "apply_stays_out_of_the_state_bucket" {
  command = plan

  assert {
    condition     = google_project_iam_member.this["apply"].condition[0].expression == "resource.service != \"storage.googleapis.com\" || (resource.name != \"projects/_/buckets/acme-tfstate-3f9a1c\" && !resource.name.startsWith(\"projects/_/buckets/acme-tfstate-3f9a1c/\"))" && length(google_project_iam_member.this["plan"].condition) == 0
    error_message = "it can neither set the bucket's policy nor delete it"
  }
}

run "who_applies_plans_too" {
  command = plan

  assert {
    condition     = toset(keys(google_service_account_iam_member.pool)) == toset(["plan", "drift", "drift_as_plan", "apply", "apply_as_plan", "apply_as_drift"])
    error_message = "a job of Jenkins has one subject for all"
  }
}

run "proposed_changes_keep_no_plans" {
  command = plan

  assert {
    condition     = [for put in google_storage_bucket_iam_member.put : put.condition[0].title if strcontains(put.condition[0].expression, "/groundplan/plans/")] == ["plans-of-fraud-dev"] && local.takes["plan"].account == "plan"
    error_message = "one account puts plans"
  }

  assert {
    condition     = toset(keys(google_project_iam_member.reads)) == toset(["apply", "drift"])
    error_message = "all read settings"
  }
}

run "one_cluster" {
  command = plan

  variables {
    cluster_location = "us-central1"
  }

  assert {
    condition     = google_project_iam_member.cluster[0].role == "roles/container.admin" && google_project_iam_member.cluster[0].condition[0].expression == "resource.name == \"projects/acme-ml/locations/us-central1/clusters/fraud-dev\""
    error_message = "an apply administers the environment's cluster and no other"
  }
}

run "reached_by_its_dns_name" {
  command = plan

  variables {
    cluster_location     = "us-central1"
    cluster_dns_endpoint = true
  }

  assert {
    condition     = google_project_iam_custom_role.connect[0].permissions == toset(["container.clusters.connect"])
    error_message = "connecting, and nothing else"
  }

  assert {
    condition     = google_project_iam_member.connect[0].condition[0].expression == "resource.name == \"projects/acme-ml/locations/us-central1/clusters/fraud-dev\""
    error_message = "to the environment's cluster and no other"
  }
}

run "rejects_a_dns_name_without_a_cluster" {
  command = plan

  variables {
    cluster_dns_endpoint = true
  }

  expect_failures = [var.cluster_dns_endpoint]
}

run "acts_as_named_accounts" {
  command = plan

  variables {
    run_as = { fraud-dev-nodes = { display_name = "Nodes of fraud-dev" } }
  }

  assert {
    condition     = google_service_account.run_as["fraud-dev-nodes"].account_id == "fraud-dev-nodes" && google_service_account_iam_member.run_as["fraud-dev-nodes"].role == "roles/iam.serviceAccountUser"
    error_message = "a grant on the account, not in the project"
  }
}

run "rejects_account_of_others" {
  command = plan

  variables {
    run_as = { other-prod-nodes = { display_name = "Nodes of others" } }
  }

  expect_failures = [var.run_as]
}

run "rejects_acting_as_everybody" {
  command = plan

  variables {
    permissions = { read = [], write = ["iam.serviceAccounts.actAs"] }
  }

  expect_failures = [var.permissions]
}

run "rejects_cluster_location" {
  command = plan

  variables {
    cluster_location = "us"
  }

  expect_failures = [var.cluster_location]
}

run "subjects_of_branches_with_a_slash" {
  command = plan

  variables {
    issuers = { jenkins = { url = "https://ci.example.com/oidc", claims = { sub = ["https://ci.example.com/job/infra/job/release%252F1/"] } } }
    trusts = {
      plan  = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/release%252F1/"] } }]
      drift = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/release%252F1/"] } }]
      apply = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/release%252F1/"] } }]
    }
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["jenkins"].attribute_condition == "assertion.sub in ['https://ci.example.com/job/infra/job/release%252F1/']"
    error_message = "an encoded branch is a value like others"
  }
}

run "jobs_of_jenkins" {
  command = plan

  variables {
    issuers = { jenkins = { url = "https://ci.example.com/oidc", jobs = "https://ci.example.com/job/infra/job/" } }
    trusts = {
      plan  = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/main/"] }, branches = ["https://ci.example.com/job/infra/job/PR-"] }]
      drift = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/main/"] } }]
      apply = [{ issuer = "jenkins", claims = { sub = ["https://ci.example.com/job/infra/job/main/"] } }]
    }
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["jenkins"].attribute_condition == "assertion.sub.startsWith('https://ci.example.com/job/infra/job/')"
    error_message = "the job and its branches"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["jenkins"].attribute_mapping["attribute.grant"] == "(assertion.sub in ['https://ci.example.com/job/infra/job/main/']) ? 'apply' : (assertion.sub in ['https://ci.example.com/job/infra/job/main/']) ? 'drift' : (assertion.sub in ['https://ci.example.com/job/infra/job/main/']) || assertion.sub.startsWith('https://ci.example.com/job/infra/job/PR-') ? 'plan' : 'none'"
    error_message = "proposed changes plan, the default branch applies, no other branch does anything"
  }
}

run "rejects_jobs_of_a_server" {
  command = plan

  variables {
    issuers = { github = { url = "https://ci.example.com/oidc", jobs = "https://ci.example.com/job/" } }
  }

  expect_failures = [var.issuers]
}

run "rejects_branches_of_a_server" {
  command = plan

  variables {
    trusts = { plan = [{ issuer = "github", branches = ["https://ci.example.com/"] }], drift = [], apply = [] }
  }

  expect_failures = [var.trusts]
}

run "long_name_and_no_grants" {
  command = plan

  variables {
    name        = "fraud-detection-in-production-for-europe"
    permissions = { read = [], write = ["storage.buckets.create"] }
  }

  assert {
    condition     = google_service_account.this["apply"].account_id == "fraud-detec-805c4d-ci-apply" && length(google_iam_workload_identity_pool.this.workload_identity_pool_id) <= 32
    error_message = "names are as long as Google takes them"
  }

  assert {
    condition     = length(google_project_iam_custom_role.grants) == 0 && length(google_project_iam_member.reads) == 0 && length(google_project_iam_member.cluster) == 0
    error_message = "what is not asked for is not made"
  }
}

run "gitlab_project" {
  command = plan

  variables {
    issuers = { gitlab = { url = "https://gitlab.com", audience = "https://gitlab.com/acme/infra", claims = { project_id = ["5678"] } } }
    trusts = {
      plan  = [{ issuer = "gitlab" }]
      drift = [{ issuer = "gitlab", claims = { ref = ["main"] } }]
      apply = [{ issuer = "gitlab", claims = { ref = ["main"], ref_protected = ["true"] } }]
    }
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.this["gitlab"].attribute_mapping["attribute.grant"] == "(has(assertion.ref) && assertion.ref in ['main'] && has(assertion.ref_protected) && assertion.ref_protected in ['true']) ? 'apply' : (has(assertion.ref) && assertion.ref in ['main']) ? 'drift' : true ? 'plan' : 'none'" && google_iam_workload_identity_pool_provider.this["gitlab"].oidc[0].allowed_audiences == tolist(["https://gitlab.com/acme/infra"])
    error_message = "every token of the project plans; protected branches apply"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud"
  }

  expect_failures = [var.name]
}

run "rejects_issuer_without_https" {
  command = plan

  variables {
    issuers = { github = { url = "http://token.actions.githubusercontent.com", claims = { repository_id = ["5678"] } } }
  }

  expect_failures = [var.issuers]
}

run "rejects_issuer_without_claims" {
  command = plan

  variables {
    issuers = { github = { url = "https://token.actions.githubusercontent.com", claims = {} } }
  }

  expect_failures = [var.issuers]
}

run "rejects_subject_that_decides" {
  command = plan

  variables {
    issuers = { github = { url = "https://token.actions.githubusercontent.com", subject = "true ? 'a' : 'b'", claims = { repository_id = ["5678"] } } }
  }

  expect_failures = [var.issuers]
}

run "rejects_unknown_issuer" {
  command = plan

  variables {
    trusts = { plan = [{ issuer = "gitlab" }], drift = [], apply = [] }
  }

  expect_failures = [var.trusts]
}

run "rejects_quotes_in_claims" {
  command = plan

  variables {
    trusts = { plan = [], drift = [], apply = [{ issuer = "github", claims = { sub = ["x'] || true || assertion.sub in ['"] } }] }
  }

  expect_failures = [var.trusts]
}

run "rejects_state_prefix" {
  command = plan

  variables {
    state = { bucket = "acme-tfstate-3f9a1c", prefix = "/", roots = ["10-foundation"] }
  }

  expect_failures = [var.state]
}

run "rejects_root" {
  command = plan

  variables {
    state = { bucket = "acme-tfstate-3f9a1c", prefix = "fraud-dev", roots = [] }
  }

  expect_failures = [var.state]
}

run "rejects_reading_objects" {
  command = plan

  variables {
    permissions = { read = ["storage.objects.get"], write = [] }
  }

  expect_failures = [var.permissions]
}

run "rejects_keys_of_accounts" {
  command = plan

  variables {
    permissions = { read = [], write = ["iam.serviceAccountKeys.create"] }
  }

  expect_failures = [var.permissions]
}

run "rejects_granting_owner" {
  command = plan

  variables {
    permissions = { read = [], write = ["storage.buckets.create"], grants = ["roles/owner"] }
  }

  expect_failures = [var.permissions]
}
