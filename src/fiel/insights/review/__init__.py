"""The review of a program: its economics, the five classic mistakes, and plain faults."""
