"""The body of a request, read up to a limit."""

from starlette.requests import Request

from sync.server.problems import BodyTooLarge


async def body(request: Request, limit: int) -> bytes:
    """The bytes of a request. limit: in bytes.

    Raises BodyTooLarge as soon as that is known, often before reading.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise BodyTooLarge(limit=max(1, limit // 2**20))
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > limit:
            raise BodyTooLarge(limit=max(1, limit // 2**20))
    return bytes(found)
