"""What the command line calls: the stages in a row, for one spec or for several."""
