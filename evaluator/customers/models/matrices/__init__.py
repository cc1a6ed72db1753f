"""Customers on two axes: matrices with strategies, size and profit, the firm's quadrant; whom to look at."""
