"""Segments: members grouped by what they buy and who they are, and who is in each today."""
