"""An API of tasks that passes tests written before it."""

# Solution
from itertools import count

from flask import Flask, abort, request, url_for
from werkzeug.exceptions import HTTPException


def tasks_api() -> Flask:
    """Return an application that keeps tasks, ``{"id", "text", "done"}``, in memory."""
    app = Flask("taches")
    tasks, numbers = {}, count(1)

    def find(task_id):
        return tasks.get(task_id) or abort(404, f"il n'y a pas de tâche {task_id}")

    def check(task):
        if not isinstance(task, dict) or set(task) != {"text", "done"}:
            abort(400, "on attend un objet : text, et done si l'on veut")
        if not isinstance(task["text"], str) or not task["text"].strip():
            abort(400, "text doit être un texte qui n'est pas vide")
        if not isinstance(task["done"], bool):
            abort(400, "done doit être true ou false")
        return task

    def received(default):
        data = request.get_json()
        return check(default | data if isinstance(data, dict) else data)

    @app.get("/api/tasks")
    def list_tasks():
        return list(tasks.values())

    @app.post("/api/tasks")
    def create_task():
        task = received({"done": False})
        task_id = next(numbers)
        tasks[task_id] = {"id": task_id} | task
        return tasks[task_id], 201, {"Location": url_for("get_task", task_id=task_id)}

    @app.get("/api/tasks/<int:task_id>")
    def get_task(task_id):
        return find(task_id)

    @app.patch("/api/tasks/<int:task_id>")
    def change_task(task_id):
        old = find(task_id)
        tasks[task_id] = {"id": task_id} | received({"text": old["text"], "done": old["done"]})
        return tasks[task_id]

    @app.delete("/api/tasks/<int:task_id>")
    def delete_task(task_id):
        find(task_id)
        del tasks[task_id]
        return "", 204

    @app.errorhandler(HTTPException)
    def refuse(error):
        return {"error": error.description}, error.code

    return app


# Exercise
import re

from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.tasks import PASSED, TESTS, outcome_of, stopped_at

EXERCISE = Exercise(
    tasks_api,
    hints=(
        "Lisez les tests comme un cahier des charges, et faites-les passer un par un, du premier "
        "au dernier. Un dictionnaire, numéro → tâche, créé dans la fonction, suffit à tout garder.",
        "Cinq vues, une par test ou presque : `@app.get`, `@app.post`, `@app.patch`, "
        "`@app.delete`. Une fonction qui trouve une tâche ou refuse (404), une autre qui vérifie "
        "ce qui arrive ou refuse (400), servent à plusieurs.",
        "`request.get_json()` refuse lui-même ce qui n'est pas du JSON (415, 400). Pour PATCH, "
        "vérifiez `ancienne | reçu`, puis rangez. `itertools.count(1)` donne des numéros qui ne "
        "servent qu'une fois, et `@app.errorhandler(HTTPException)` met tous les refus en JSON.",
    ),
)


def passes(test):
    """Return the case that runs one of the tests."""

    @EXERCISE.case(f"`{test.__name__}` : {test.__doc__}", expect=PASSED)
    def run(stage: Stage, program: Program):
        return outcome_of(test, program.client())

    return run


create, new_application, change, delete, _, no_task, _, wrong_change = map(passes, TESTS)


EXERCISE.mistake(
    "Vous avez créé quelque chose : le code est 201, et `Location` dit où c'est.",
    on=create,
    seen=stopped_at("== 201", 200),
)(variant(tasks_api, ("201", "200")))

EXERCISE.mistake(
    "Une application toute neuve a déjà des tâches : vous les gardez hors de la fonction, "
    "et toutes les applications se les partagent. Créez le dictionnaire dedans.",
    on=new_application,
    seen=stopped_at("== []", 200),
)(
    variant(
        tasks_api, ("tasks_api()", "tasks_api(tasks={})"), ("tasks, numbers = {}, ", "numbers = ")
    )
)

EXERCISE.mistake(
    "PATCH retouche, il ne remplace pas : partez de l'ancienne tâche, `ancienne | reçu`.",
    on=change,
    seen=stopped_at("client.", 200),
)(
    variant(
        tasks_api, ('received({"text": old["text"], "done": old["done"]})', "request.get_json()")
    )
)

EXERCISE.mistake(
    "Un numéro déjà donné a resservi : `len(tasks) + 1` recule quand on efface. Comptez à part.",
    on=delete,
    seen=stopped_at("> second", 201),
)(variant(tasks_api, ("next(numbers)", "len(tasks) + 1")))

EXERCISE.mistake(
    "Vous acceptez ce qui n'est pas une tâche : vérifiez chaque champ, et son type, avant de "
    "ranger.",
    on=no_task,
    seen=stopped_at("== 400", 201),
)(variant(tasks_api, ("check(default |", "(default |"), ("else data)", "else abort(400))")))

EXERCISE.mistake(
    "Ce refus n'est pas en JSON : `@app.errorhandler(HTTPException)` vaut pour tous, même ceux de "
    "Flask.",
    seen=lambda failure: re.match(r'... text/html, puis : .*"error" in', failure.value),
)(variant(tasks_api, ("@app.errorhandler(HTTPException)", "")))

EXERCISE.mistake(
    "Le PATCH est refusé, et la tâche a changé quand même : vérifiez d'abord, rangez ensuite.",
    on=wrong_change,
    seen=stopped_at("== task", 200),
)(variant(tasks_api, ("= find(task_id)\n", "= find(task_id)\n        old |= request.get_json()\n")))
