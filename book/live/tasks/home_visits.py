"""Sur `/home`, le nombre de visites, gardé dans la session : « Visite 1 », puis « Visite 2 »…"""

ADA = {"username": "ada", "password": "machine analytique"}


def check(site):
    assert site.submit("/", ADA).status == 302, "On ne peut plus se connecter : lisez le journal."
    first, second = site.get("/home"), site.get("/home")
    assert second.status == 200, f"/home répond {second.status} : lisez le journal."
    assert "Visite 1" in first.text, "À la première visite, je ne lis pas « Visite 1 »."
    assert "Visite 2" in second.text, "À la deuxième, je ne lis pas « Visite 2 »."
    other = site.other()
    other.submit("/", ADA)
    assert "Visite 1" in other.get("/home").text, "Un autre visiteur trouve le compte du premier."


DEMO = "demo5"
HOME = '    return render_template("home.html")'
COUNT = """\
    {0}["visits"] = {0}.get("visits", 0) + 1
    flash("Visite " + str({0}["visits"]))
    return render_template("home.html")"""
SHARED = {"ACCOUNTS = ": "everyone = {}\nACCOUNTS = ", HOME: COUNT.format("everyone")}
ATTEMPTS = [
    ({}, "Visite 1"),
    ({"app.py": SHARED}, "le compte du premier"),
    ({"app.py": {HOME: COUNT.format("session")}}, None),
]
