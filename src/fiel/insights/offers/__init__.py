"""What rewards and promotions come to: how quickly they go, who takes them, what follows."""
