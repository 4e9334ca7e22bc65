"""What keeps logs that have a place of their own out of the cloud's default one."""
