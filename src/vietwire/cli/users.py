"""``vietwire user``: the people of the desk."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from vietwire.cli.common import JsonOption, console, languages_of, newsroom, print_json
from vietwire.story import Role

app = typer.Typer(help="The people of the desk.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Login name.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.REVIEWER,
    languages: Annotated[
        str, typer.Option(help="A reviewer's languages, e.g. en,fr; all when left out.")
    ] = "",
    display_name: Annotated[str, typer.Option(help="Name as released items show it.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add a person; asks for the password."""
    from vietwire.desk.passwords import hash_password

    with newsroom() as room:
        codes = languages_of(languages, room.settings.languages if role is Role.REVIEWER else ())
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
        else:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        room.store.add_user(
            name,
            role=role,
            languages=codes,
            display_name=display_name or name,
            password_hash=hash_password(password),
        )
    console.print(f"{name} can log in as {role}.", markup=False)


@app.command("list")
def list_users(as_json: JsonOption = False) -> None:
    """Everyone who can log in."""
    with newsroom() as room:
        people = room.store.users()
    rows = [
        {
            "name": p.name,
            "role": str(p.role),
            "languages": ",".join(p.languages),
            "active": p.active,
        }
        for p in people
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "" if row["active"] else "(inactive)"
        console.print(f"{row['name']}  {row['role']}  {row['languages']} {state}", markup=False)
