"""What a resource lets somebody reach: readers by resource type, and whether one access is within others."""
