"""What the cloud's managed Prometheus is to collect from pods, where it does not find that out by itself."""
