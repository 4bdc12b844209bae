"""Tills: the devices that were let in, and the cashiers who work at them."""
