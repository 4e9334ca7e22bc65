"""Who can do what: trusts, policies, boundaries, bindings and roles of an environment, evaluated offline."""
