"""From a panel's judgments to weights with their evidence."""
