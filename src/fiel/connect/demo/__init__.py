"""The demo shop: a year of a supermarket's real purchases, and a program for it."""
