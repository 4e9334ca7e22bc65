"""What clusters evaluate: roles and bindings of RBAC, and what a cloud lets its own identities do inside."""
