output "ci_identity" {
  description = "What jobs need: `roles`, the ARN of each role by its name, and `boundary`, the ARN of the boundary that every role of the environment carries."
  value = {
    roles    = { for role, made in aws_iam_role.this : role => made.arn }
    boundary = aws_iam_policy.boundary.arn
  }

  # A role works once its policies are attached.
  depends_on = [aws_iam_role_policy.states, aws_iam_role_policy_attachment.read, aws_iam_role_policy_attachment.write]
}
