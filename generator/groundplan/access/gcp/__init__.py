"""What Google Cloud evaluates: identity pools, bindings with their conditions, roles."""
