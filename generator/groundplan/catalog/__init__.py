"""What a cloud offers, as tables: instance types, databases, regions, Kubernetes versions."""
