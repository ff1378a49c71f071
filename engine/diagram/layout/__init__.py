"""Lays a diagram out: columns by rank, rows by lane, orthogonal flows, labels clear of lines."""
