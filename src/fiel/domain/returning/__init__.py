"""Returning: what is left of a sale when goods come back, and what goes back with them."""
