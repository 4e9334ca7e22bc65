"""What differs between the cloud and the state of an environment, told apart from what is not applied yet."""
