"""What the address book of server_contact asks of a request: strict JSON, the right arguments."""
