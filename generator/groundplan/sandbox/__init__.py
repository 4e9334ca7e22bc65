"""Walls around the programs that groundplan starts on input it does not trust."""
