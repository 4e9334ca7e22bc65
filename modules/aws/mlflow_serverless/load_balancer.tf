resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_150:GP907 reports a planned load balancer without protection, which has to be possible before a destroy
  name                       = local.cluster_name
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = var.network.private_subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  idle_timeout               = local.idle_seconds
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket.access_logs.bucket
    enabled = true
  }

  # A load balancer that may not write its log is not made.
  depends_on = [aws_s3_bucket_policy.access_logs]
}

# Nothing listens on port 80: a client with the wrong URL must not send its password before it is told.
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
  certificate_arn   = var.endpoint.certificate

  routing_http_response_server_enabled                         = false
  routing_http_response_strict_transport_security_header_value = "max-age=31536000"
  routing_http_response_x_content_type_options_header_value    = "nosniff"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.server.arn
  }
}

resource "aws_lb_target_group" "server" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; only its security group reaches the servers, in private subnets
  name                 = local.cluster_name
  vpc_id               = var.network.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.port
  deregistration_delay = 30 # seconds

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 4
  }
}

resource "aws_route53_record" "this" {
  for_each = var.endpoint.zone_id == null ? {} : { (var.endpoint.host) = var.endpoint.zone_id }

  zone_id = each.value
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}
