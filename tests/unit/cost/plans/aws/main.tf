variable "region" {
  type    = string
  default = "us-east-1"
}

provider "aws" {
  region = var.region
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/20"
  availability_zone = "us-east-1a"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.a.id
}

resource "aws_iam_role" "nodes" {
  name = "nodes"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } },
    ]
  })
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  version  = "1.35"
  role_arn = aws_iam_role.nodes.arn
  vpc_config {
    subnet_ids = [aws_subnet.a.id]
  }
}

resource "aws_eks_node_group" "gpu" {
  cluster_name   = aws_eks_cluster.main.name
  node_role_arn  = aws_iam_role.nodes.arn
  subnet_ids     = [aws_subnet.a.id]
  instance_types = ["g6.xlarge"]
  capacity_type  = "SPOT"
  disk_size      = 100
  scaling_config {
    desired_size = 2
    min_size     = 0
    max_size     = 4
  }
}

resource "aws_instance" "server" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "m6i.large"
  subnet_id     = aws_subnet.a.id
  root_block_device {
    volume_type = "gp3"
    volume_size = 50
  }
}

resource "aws_instance" "unsold" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m99.gigantic"
  subnet_id     = aws_subnet.a.id
}

resource "aws_ebs_volume" "data" {
  availability_zone = "us-east-1a"
  size              = 500
  type              = "gp3"
}

resource "aws_db_instance" "main" {
  engine                      = "postgres"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 50
  storage_type                = "gp3"
  multi_az                    = true
  username                    = "admin0"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

resource "aws_lb" "main" {
  load_balancer_type = "application"
  internal           = true
  subnets            = [aws_subnet.a.id]
}

resource "aws_s3_bucket" "data" {
  bucket = "data-of-a-test"
}

resource "aws_kms_key" "main" {}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

module "second" {
  source = "./second"
}
