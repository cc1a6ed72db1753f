"""HTML and other text that templates write: what they reach, what they may cost, how they are filled."""
