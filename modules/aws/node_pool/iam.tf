data "aws_partition" "current" {}

# One role per pool: EKS gives each its own access entry, and a pool can be shut out alone.
resource "aws_iam_role" "node" {
  name                 = "${var.cluster.name}-${var.name}-node"
  description          = "Nodes of the pool ${var.name} in ${var.cluster.name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

# Join the cluster and pull images, nothing else: the network plugin and the volume driver have roles of
# their own, and workloads get theirs by pod identity.
resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])

  role       = aws_iam_role.node.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
}
