"""The kernel of simulation: programs folded over the past by machine code."""
