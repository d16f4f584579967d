"""`/api/books?author=Voltaire` : les livres de cet auteur, et eux seuls ; `total` les compte."""


def check(site):
    answer = site.get("/api/books?author=Voltaire")
    assert answer.status == 200, f"La réponse est {answer.status} : lisez le journal."
    books = answer.json()
    authors = sorted({book["author"] for book in books["items"]})
    assert authors == ["Voltaire"], f"Je demande Voltaire, et reçois : {', '.join(authors)}."
    assert books["total"] == 1, f"Un seul livre est de Voltaire, et total dit {books['total']}."
    nobody = site.get("/api/books?author=Personne")
    assert nobody.status == 200, f"Pour un auteur inconnu, la réponse est {nobody.status}."
    assert nobody.json()["items"] == [], "Un auteur inconnu a des livres."
    assert site.get("/api/books").json()["total"] == 12, "Sans author, il manque des livres."
