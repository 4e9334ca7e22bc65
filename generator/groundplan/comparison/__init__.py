"""One spec in many places and ways of paying, or two specs in the same place: what differs, and by how much."""
