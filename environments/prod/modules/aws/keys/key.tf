resource "aws_kms_key" "this" {
  for_each = var.purposes

  description             = local.descriptions[each.key]
  policy                  = local.policies[each.key]
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days

  tags = {
    Name = "${var.name}-${each.key}"
  }

  # Asked for once, when the key is to be deleted, and kept by Terraform alone: no cloud tells them of a key that is imported.
  lifecycle {
    ignore_changes = [bypass_policy_lockout_safety_check, deletion_window_in_days]
  }
}

resource "aws_kms_alias" "this" {
  for_each = var.purposes

  name          = "alias/${lookup(var.aliases, each.key, "${var.name}-${each.key}")}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
