"""The demo organisation: people for every group, complaints at every stage, by driving the real verbs."""
