"""What AWS evaluates: trusts, policies of identities and of resources, boundaries."""
