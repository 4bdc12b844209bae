"""Materials: what tells people of the program, made from the program itself, ready to print."""
