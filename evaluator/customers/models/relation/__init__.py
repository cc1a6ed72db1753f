"""States of the relation with customers, and types of customers."""
