"""What the file drop of server_partage is made of, apart from the conversation."""
