"""Accounts: what is owed to members, how it came about, and what the books say of it."""
