"""What a change of the environment may do: words of the operator that stand in the spec, each until a day."""
