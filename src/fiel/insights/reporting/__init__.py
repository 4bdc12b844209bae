"""Reports: the frame that all of them share, from what is asked to how it is told."""
