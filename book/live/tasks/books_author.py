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


DEMO = "api"
EVERYTHING = "everything = sorted(books.values(), "
CHOSEN = """\
author = request.args.get("author")
    everything = sorted([b for b in books.values() if {}], """
AUTHOR = CHOSEN.format('b["author"] == author')
AUTHOR_IF_ANY = CHOSEN.format('author is None or b["author"] == author')
ATTEMPTS = [
    ({}, "Je demande Voltaire"),
    ({"app.py": {EVERYTHING: AUTHOR_IF_ANY, "len(everything)": "len(books)"}}, "total dit 12"),
    ({"app.py": {EVERYTHING: AUTHOR}}, "il manque des livres"),
    ({"app.py": {EVERYTHING: AUTHOR_IF_ANY}}, None),
]
