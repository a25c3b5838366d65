"""The command `sohoa`."""

from __future__ import annotations

import sys

import typer

from cli import (
    audit,
    backup,
    correct,
    demo,
    digitise,
    drop,
    fixity,
    hold,
    index,
    look,
    policies,
    procedures,
    publish,
    recheck,
    reconcile,
    report,
    rules,
    separators,
    show,
    status,
    up,
    verify,
)
from cli.console import fault, refuse
from dossier.errors import SohoaError, TerminalError

app = typer.Typer(
    name="sohoa",
    help="Turns scanned administrative dossiers into checked records: đúng, đủ, sạch, sống.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(up.command)
app.command("drop")(drop.command)
app.command("status")(status.command)
app.command("show")(show.command)
app.command("correct")(correct.command)
app.command("digitise")(digitise.command)
app.command("look")(look.command)
app.command("rules")(rules.command)
app.command("report")(report.command)
app.command("recheck")(recheck.command)
app.command("publish")(publish.command)
app.command("separators")(separators.command)
app.command("reconcile")(reconcile.command)
app.command("verify")(verify.command)
app.command("fixity")(fixity.command)
app.command("hold")(hold.command)
app.command("policies")(policies.command)
app.command("restore")(backup.restore_command)
app.command("demo")(demo.command)
app.add_typer(audit.app, name="audit")
app.add_typer(backup.app, name="backup")
app.add_typer(index.app, name="index")
app.add_typer(procedures.app, name="procedures")


def main() -> None:
    """Run the command. Exit codes: 0 well, 1 not all as wished, 2 usage or settings, 3 a fault of ours."""
    try:
        app()
    except TerminalError as error:
        sys.exit(refuse(error))
    except SohoaError as error:
        sys.exit(fault(error))


if __name__ == "__main__":
    main()
