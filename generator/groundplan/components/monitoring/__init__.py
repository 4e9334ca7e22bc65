"""Monitoring: Prometheus, Alertmanager and Grafana on the cluster, and the way out for alerts by e-mail."""
