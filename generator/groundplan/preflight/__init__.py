"""What an environment needs of the account it goes into, and whether the account has it. Online, and never required."""
