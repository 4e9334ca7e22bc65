"""The network: a VPC of our own over zones, or one that is there already."""
