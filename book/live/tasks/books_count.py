"""`/api/books/count` répond `{"count": 12}` : le nombre de livres du moment."""


def check(site):
    answer = site.get("/api/books/count")
    assert answer.status != 404, "/api/books/count répond encore 404."
    assert answer.status == 200, f"La réponse est {answer.status} : lisez le journal."
    assert answer.headers["content-type"] == "application/json", "La réponse n’est pas du JSON."
    assert answer.json() == {"count": 12}, f"La réponse est {answer.text.strip()}."
    site.submit("/ssr", {"title": "Le Horla", "author": "Maupassant", "year": "1887"})
    now = site.get("/api/books/count").json()
    assert now == {"count": 13}, "J’ajoute un livre, et le nombre ne change pas : comptez books."


DEMO = "api"
NEXT = '@app.get("/ssr")'
COUNT = """\
@app.get("/api/books/count")
def count_books():
    return {}


@app.get("/ssr")"""
ATTEMPTS = [
    ({}, "404"),
    ({"app.py": {NEXT: COUNT.format("str(len(books))")}}, "pas du JSON"),
    ({"app.py": {NEXT: COUNT.format('{"count": 12}')}}, "ne change pas"),
    ({"app.py": {NEXT: COUNT.format('{"count": len(books)}')}}, None),
]
