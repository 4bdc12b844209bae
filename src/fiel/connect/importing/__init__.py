"""Files of members, sales and balances, read as a stream and told apart row by row."""
