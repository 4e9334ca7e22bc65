"""Cluster autoscaling: the identity in the foundation, the controller on the cluster."""
