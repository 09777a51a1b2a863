"""The diary of exchanges: when, by which road, how much, and what went wrong."""

from sqlalchemy import Connection

from app.storage.tables import exchange


def note(
    connection: Connection,
    *,
    at: int,
    road: str,
    sent: int,
    received: int,
    refused: int,
    bytes_up: int,
    bytes_down: int,
    failure: str | None,
) -> None:
    """One line. at: seconds UTC. failure: the code of what went wrong; None when it went well."""
    connection.execute(
        exchange.insert().values(
            at=at,
            road=road,
            sent=sent,
            received=received,
            refused=refused,
            bytes_up=bytes_up,
            bytes_down=bytes_down,
            failure=failure,
        )
    )
