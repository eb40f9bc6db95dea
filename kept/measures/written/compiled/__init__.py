"""What of counting entries is compiled."""
