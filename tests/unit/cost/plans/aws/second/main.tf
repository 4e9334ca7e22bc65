resource "aws_instance" "this" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "m6i.large"
  region        = "eu-west-1"
}
