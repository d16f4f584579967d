"""What the course can start, and how it is started, watched and stopped."""
