"""Accounting for what is owed to members: what of a price waits until points are redeemed."""
