"""The Kubernetes cluster: its control plane and who reaches it."""
