locals {
  name = "groundplan-reader"

  # What this module makes is read back as well.
  own = { "rbac.authorization.k8s.io" = ["clusterrolebindings", "clusterroles", "rolebindings", "roles"] }
  objects = {
    for group in setunion(keys(local.own), keys(var.objects)) :
    group => sort(distinct(concat(lookup(local.own, group, []), lookup(var.objects, group, []))))
  }
}
