"""What a process owner owns: the regulation as drawn."""
