"""Launching: the steps from a published program to its first redemption, with owners and dates."""
