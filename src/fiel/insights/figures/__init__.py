"""Figures of a program: who buys, what they spend, whether they stay, what points cost."""
