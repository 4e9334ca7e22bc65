"""What of drift is known and looked away from: lines of the operator in the spec, each until a day."""
