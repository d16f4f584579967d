from flask import Flask

app = Flask(__name__)

@app.route("/")
def index():
    return "Bonjour ! Je suis une application Flask, et je tiens en six lignes."

if __name__ == "__main__": app.run(port=5001)
