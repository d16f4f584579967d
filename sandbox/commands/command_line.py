"""``python -m sandbox``: the course's servers, demos and commands, from a terminal."""

from __future__ import annotations

import os
import runpy
import sys

from sandbox.commands import doctor
from sandbox.running.catalogue import CATALOGUE, DEMOS, EVERYWHERE, FLASK_RUN, LOOPBACK, SERVERS

# Where the terminal is not in UTF-8, question marks are better than a traceback.
sys.stdout.reconfigure(errors="replace")

try:
    import click
except ModuleNotFoundError:  # nothing else can run here: say why, whatever was asked
    sys.exit(doctor.main())

DECODERS = ("text", "json", "bytes", "http", "tls")
PROGRAM = "python -m sandbox"


class FrenchFormatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "Usage : ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(heading + " ")


class FrenchContext(click.Context):
    formatter_class = FrenchFormatter


class Command(click.Command):
    """A command whose help is in French; those below are made of it."""

    context_class = FrenchContext

    def get_help_option(self, context: click.Context) -> click.Option | None:
        option = super().get_help_option(context)
        if option:
            option.help = "Montre cette aide."
        return option


class ServerCommand(Command):
    """Runs a server or a demo in the foreground, as its file does: same options and messages."""

    def __init__(self, name: str, *defaults: str, help: str | None = None) -> None:
        everything = {"ignore_unknown_options": True, "allow_extra_args": True}
        super().__init__(name, everything, self.run, add_help_option=False, help=help)
        self.defaults = defaults

    def run(self) -> None:
        arguments = [*self.defaults, *click.get_current_context().args]
        if self.name in DEMOS:
            demo = DEMOS[self.name]
            os.chdir(demo.path)
            sys.argv = [*FLASK_RUN, "--port", str(demo.port), *arguments]
            runpy.run_module("flask", run_name="__main__", alter_sys=True)
        else:
            sys.argv = [self.name, *arguments]
            runpy.run_path(str(SERVERS[self.name].path), run_name="__main__")


class Commands(Command, click.Group):
    """The servers and demos of the tables, then the commands below."""

    command_class = Command

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return ServerCommand(name) if name in CATALOGUE else super().get_command(context, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        for title, table in (("Serveurs", SERVERS), ("Applications Flask", DEMOS)):
            with formatter.section(title):
                formatter.write_dl(
                    [(f"{each.name:20}{each.port}", each.description) for each in table.values()]
                )
        with formatter.section("Commandes"):
            formatter.write_dl([(name, command.help) for name, command in self.commands.items()])


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="NOM [--host ADRESSE] [--port PORT] | COMMANDE",
    options_metavar="",
    help="Lance un serveur ou une application du cours, jusqu'à Ctrl-C, ou une commande.",
)
@click.pass_context
def commands(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@commands.command("doctor", help="Dit ce qui ne va pas sur cette machine, et comment y remédier.")
def run_doctor() -> int:
    return doctor.main()


@commands.command("progress", help="Dit quels exercices sont faits, et lesquels restent.")
@click.option("--export", metavar="FICHIER", help="Écrit la même chose en CSV, pour un tableur.")
def run_progress(export: str | None) -> int:
    from sandbox.commands import progress

    return progress.main(export)


@commands.command("wire", help="Montre ce qui passe entre des clients et un serveur, en direct.")
@click.option("--to", default="", metavar="HÔTE:PORT", help="Le serveur.")
@click.option("--host", default=LOOPBACK, metavar="ADRESSE", help="Où écoute le relais.")
@click.option("--port", default=0, type=int, metavar="PORT", help="Son port ; un port libre sinon.")
@click.option(
    "--decode", type=click.Choice(DECODERS), metavar="|".join(DECODERS), help="Ce qui passe."
)
def run_wire(to: str, host: str, port: int, decode: str | None) -> int:
    from sandbox.commands import wire

    return wire.main(to, host=host, port=port, decode=decode)


commands.add_command(
    ServerCommand(
        "server_partage",
        "--host",
        EVERYWHERE,
        help="Donne un fichier ou un dossier au réseau où l'on est, ou en reçoit : "
        "partage CHEMIN, partage --recevoir DOSSIER.",
    ),
    "partage",
)


@commands.command("messagerie", help="Ouvre la messagerie à une classe : invitations, adresse.")
@click.option("--class", "name", required=True, metavar="NOM", help="La classe : P26, par exemple.")
@click.option("--students", default=0, metavar="N", help="Combien d'invitations préparer.")
@click.option("--names", metavar="FICHIER", help="Les noms, un par ligne : une invitation chacun.")
@click.option("--renew", multiple=True, metavar="NOM", help="Qui a perdu son jeton.")
@click.option("--host", default=LOOPBACK, metavar="ADRESSE", help="0.0.0.0 pour toute la salle.")
@click.option("--port", default=SERVERS["server_messagerie"].port, metavar="PORT", help="Le port.")
@click.option("--database", metavar="URL", help="La base ; un fichier SQLite sinon.")
@click.option("--address", metavar="URL", help="L'adresse à donner, s'il faut la dire.")
@click.option("--prepare", is_flag=True, help="Prépare tout sans servir : gunicorn le fera.")
def run_messagerie(**options: object) -> int:
    from sandbox.messagerie import classroom

    return classroom.main(classroom.Options(**options))


def main() -> int:
    """Run the command line; return its exit status."""
    try:
        return commands(prog_name=PROGRAM, standalone_mode=False)
    except click.UsageError:
        known = ", ".join([*CATALOGUE, *commands.commands])
        print(
            f"Je ne comprends pas « {' '.join([PROGRAM, *sys.argv[1:]])} ».\n"
            f"Je connais : {known}. « {PROGRAM} » les décrit.",
            file=sys.stderr,
        )
        return 2
    except click.Abort:  # Ctrl-C
        return 130
