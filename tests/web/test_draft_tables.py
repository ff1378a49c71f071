"""The editor of decision tables without a browser."""
