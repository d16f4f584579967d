"""Un lien vers elle dans le menu de l’accueil : celui que `url_for` écrit, et non une adresse."""


def check(site):
    assert site.get("/bonsoir").status == 200, "Faites d’abord la page /bonsoir."
    page = site.get("/")
    assert page.status == 200, f"L’accueil répond {page.status} : lisez le journal."
    assert 'href="/bonsoir"' in page.text, "L’accueil n’a pas de lien vers /bonsoir."
    written = 'href="/bonsoir"' in site.read("templates/index.html")
    assert not written, "Le lien y est, écrit à la main : demandez-le à url_for."
