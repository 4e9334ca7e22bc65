"""One spec over locations and purchase options, or two specs side by side: what differs, and by how much."""
