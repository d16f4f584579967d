# Le port de « flask run », qui le lit ici grâce au paquet python-dotenv.
FLASK_RUN_PORT=5009
