"""What the evidence rules say of plots: judged when asked, and kept for questions over all of them."""
