"""What exercises are tried on, when several share it: servers that play a part, clients, pages."""
