"""MLflow on the cluster: its database in the foundation, its servers in the platform."""
