"""The demo organisation: people for every group, complaints at every stage, made by driving the real verbs."""
