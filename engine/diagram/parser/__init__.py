"""From a diagram to what runs: the specs of a process and the facts of its elements."""
