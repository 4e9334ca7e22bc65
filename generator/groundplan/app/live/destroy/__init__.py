"""Taking an applied environment down: last roots first, as often as it takes."""
