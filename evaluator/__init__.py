"""Customer value evaluation: indicator trees, expert judgment, scoring, classes and client reports."""
