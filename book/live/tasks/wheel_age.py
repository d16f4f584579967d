"""Un second paramètre : `/wheel?name=Ada&age=36` écrit « 36 ans » dans la page."""


def check(site):
    page = site.get("/wheel?name=Ada&age=36")
    assert page.status == 200, f"La page répond {page.status} : lisez le journal."
    assert "36 ans" in page.text, "La page ne dit pas « 36 ans »."
    assert "41 ans" in site.get("/wheel?age=41").text, "Elle le dit toujours, même pour age=41."
    without = site.get("/wheel?name=Ada")
    assert without.status == 200, "Sans âge, la page ne répond plus : ce paramètre peut manquer."
    assert " ans" not in without.text, "Sans âge, la page en donne un quand même."


DEMO = "demo3"
RENDER = 'return render_template("wheel.html", '
READ = """\
age = request.args.get("age", "{}")
    return render_template("wheel.html", age=age, """
SHOWN = {"<form>": "{% if age %}<p>{{ age }} ans</p>{% endif %}\n<form>"}
ATTEMPTS = [
    ({}, "ne dit pas"),
    ({"app.py": {RENDER: READ.format(7)}, "templates/wheel.html": SHOWN}, "en donne un quand même"),
    ({"templates/wheel.html": {"<form>": "<p>36 ans</p><form>"}}, "toujours"),
    ({"app.py": {RENDER: READ.format("")}, "templates/wheel.html": SHOWN}, None),
]
