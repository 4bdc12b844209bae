"""Simulation: what a program would have done with the merchant's own past."""
