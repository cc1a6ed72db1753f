"""Whether several ways to tell good customers from others agree."""
