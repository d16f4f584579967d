"""Une troisième page : ajoutez à `app.py` une route, `/bonsoir`, qui répond « Bonsoir ! »."""


def check(site):
    answer = site.get("/bonsoir")
    assert answer.status != 404, "/bonsoir répond encore 404 : aucune route n’a ce chemin."
    assert answer.status == 200, f"/bonsoir répond {answer.status} : lisez le journal."
    assert "Bonsoir" in answer.text, "La route existe, mais sa réponse ne dit pas « Bonsoir »."
    assert site.get("/wheel").status == 200, "/bonsoir est là, mais /wheel ne répond plus."


DEMO = "demo2"
ROUTE = """\
@app.route("/bonsoir")
def evening():
    return "{}"


if __name__"""
ATTEMPTS = [
    ({}, "404"),
    ({"app.py": {"if __name__": ROUTE.format("Salut")}}, "ne dit pas"),
    ({"app.py": {"/wheel": "/bonsoir"}}, "ne dit pas"),
    ({"app.py": {"if __name__": ROUTE.format("Bonsoir !")}}, None),
]
