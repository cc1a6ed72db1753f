"""ABC classes and how concentrated value is."""
