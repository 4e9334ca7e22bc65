"""A Terraform provider that knows every schema and no cloud: plugin protocol 6 over gRPC, in a process of its own."""
