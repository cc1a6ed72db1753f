"""The brief: what a board reads of an evaluation, a message at a time; Word and slides draw the same."""
