"""The default storage class: what a claim for a volume gets, encrypted with our key."""
