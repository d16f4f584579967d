"""Un lien vers elle dans le menu de l’accueil : celui que `url_for` écrit, et non une adresse."""


def check(site):
    assert site.get("/bonsoir").status == 200, "Faites d’abord la page /bonsoir."
    page = site.get("/")
    assert page.status == 200, f"L’accueil répond {page.status} : lisez le journal."
    assert 'href="/bonsoir"' in page.text, "L’accueil n’a pas de lien vers /bonsoir."
    written = 'href="/bonsoir"' in site.read("templates/index.html")
    assert not written, "Le lien y est, écrit à la main : demandez-le à url_for."


DEMO = "demo2"
ROUTE = """\
@app.route("/bonsoir")
def evening():
    return "Bonsoir !"


if __name__"""
ADDED = {"if __name__": ROUTE}
BY_HAND = '<a href="/bonsoir">Bonsoir</a></nav>'
BY_URL_FOR = """<a href="{{ url_for('evening') }}">Bonsoir</a></nav>"""
ATTEMPTS = [
    ({}, "d’abord"),
    ({"app.py": ADDED}, "pas de lien"),
    ({"app.py": ADDED, "templates/index.html": {"</nav>": BY_HAND}}, "à la main"),
    ({"app.py": ADDED, "templates/index.html": {"</nav>": BY_URL_FOR}}, None),
]
