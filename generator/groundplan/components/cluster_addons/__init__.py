"""The add-ons of the cluster that need nodes."""
