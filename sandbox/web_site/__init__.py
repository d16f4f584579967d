"""The web site of server_web_site: its files (``www/``), and how they are answered."""
