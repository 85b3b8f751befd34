"""Other programs that medtrack runs on this machine, and the services it sends to when told."""
