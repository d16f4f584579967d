"""La boucle déménage, de `/forloop/12` à `/boucle/12`. N’écrivez que dans `app.py`."""


def check(site):
    page = site.get("/boucle/12")
    assert page.status != 404, "/boucle/12 répond 404 : changez le chemin donné à @app.route."
    assert page.status == 200, f"/boucle/12 répond {page.status} : lisez le journal."
    former = site.get("/forloop/12").status
    assert former == 404, "/forloop/12 répond encore : changez sa route, n’en ajoutez pas une."
    linked = 'href="/boucle/12"' in site.get("/").text
    assert linked, "L’accueil ne mène pas à /boucle/12 : ses liens doivent venir de url_for."


DEMO = "demo4"
ROUTE, MOVED = '@app.route("/forloop/<int:size>")', '@app.route("/boucle/<int:size>")'
ATTEMPTS = [
    ({}, "répond 404"),
    ({"app.py": {ROUTE: f"{ROUTE}\n{MOVED}"}}, "répond encore"),
    ({"app.py": {ROUTE: MOVED, "return render": "return '' and render"}}, "url_for"),
    ({"app.py": {ROUTE: MOVED}}, None),
]
