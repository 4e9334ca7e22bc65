"""The controller that turns Ingresses into private load balancers: its identity, and itself on the cluster."""
