"""Forms in a browser: a link for each person, a board for whoever asks, and a session in one room."""
