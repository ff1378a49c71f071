"""Trying a process before it runs: walks on a scratch store, and walks kept as scenarios."""
