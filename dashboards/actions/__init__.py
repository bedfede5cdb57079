"""Writes of the floor that sees both the ledger and what people add: rollups, and nothing else."""
