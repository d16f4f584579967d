"""Une page `/secret`, qui répond « Entre nous » à qui s’est connecté, et à personne d’autre."""

ADA = {"username": "ada", "password": "machine analytique"}


def check(site):
    answer = site.get("/secret")
    assert answer.status != 404, "/secret répond encore 404 : aucune route n’a ce chemin."
    assert "Entre nous" not in answer.text, "Qui n’est pas connecté la voit : login_required ?"
    assert answer.status == 302, f"À qui n’est pas connecté, /secret répond {answer.status}."
    assert site.submit("/", ADA).status == 302, "On ne peut plus se connecter : lisez le journal."
    answer = site.get("/secret")
    assert answer.status == 200, f"Une fois connecté, /secret répond {answer.status}."
    assert "Entre nous" in answer.text, "La page s’ouvre, mais ne dit pas « Entre nous »."


DEMO = "demo5"
ROUTE = """\
@app.route("/secret"){}
def secret():
    return "Entre nous"


if __name__"""
ATTEMPTS = [
    ({}, "404"),
    ({"app.py": {"if __name__": ROUTE.format("")}}, "login_required"),
    ({"app.py": {"if __name__": ROUTE.format("\n@login_required")}}, None),
]
