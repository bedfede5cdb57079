"""What a release holds, how its files are written, and how they are described. Only actions/ publishes."""
