"""python3-websockets as a WebSocket client ("connect") or server ("serve CERT KEY"), led by lines of
JSON on its standard input; what it sees it writes as lines of JSON. It ends when its input does. One
socket at a time. ws-peer.mjs understands the same lines."""

import asyncio
import hashlib
import json
import ssl
import sys
from http import HTTPStatus

from websockets.exceptions import ConnectionClosed, InvalidStatusCode
from websockets.legacy.client import connect
from websockets.legacy.server import serve

CONTINUATION, TEXT, BINARY = 0, 1, 2
NO_LIMITS = {"max_size": None, "ping_interval": None}


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Peer:
    def __init__(self):
        self.socket = None
        self.answer = {}
        self.tasks = set()

    async def read(self, socket):
        try:
            async for message in socket:
                text = isinstance(message, str)
                data = message.encode() if text else message
                self.tell(
                    socket,
                    "message",
                    kind="text" if text else "binary",
                    bytes=len(data),
                    sha256=hashlib.sha256(data).hexdigest(),
                )
        except ConnectionClosed:
            pass
        await socket.wait_closed()
        self.tell(socket, "closed", code=socket.close_code, reason=socket.close_reason)

    def tell(self, socket, event, **facts):
        # Of a socket that was given up nothing more is told.
        if self.socket is socket:
            tell(event, **facts)

    async def reset(self):
        given, self.socket = self.socket, None
        if given and not given.closed:
            given.transport.abort()
        tell("reset")

    async def connect(self, url, cookie, protocols):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
        try:
            self.socket = await connect(
                url,
                ssl=tls,
                subprotocols=protocols or None,
                extra_headers={"Cookie": cookie},
                **NO_LIMITS,
            )
        except InvalidStatusCode as refused:
            tell("refused", status=refused.status_code)
            return
        tell("open", protocol=self.socket.subprotocol or "")
        self.start(self.read(self.socket))

    async def listen(self, certificate, key):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)

        async def opened(socket):
            self.socket = socket
            tell(
                "open",
                target=socket.path,
                protocols=socket.request_headers.get("Sec-WebSocket-Protocol", ""),
                extensions=socket.request_headers.get("Sec-WebSocket-Extensions", ""),
            )
            await self.read(socket)

        async def refuse(path, headers):
            status = self.answer.get("status")
            return (HTTPStatus(status), [], b"") if status else None

        server = await serve(
            opened,
            "127.0.0.1",
            0,
            ssl=tls,
            process_request=refuse,
            select_subprotocol=lambda offered, known: self.answer.get("protocol"),
            subprotocols=["any"],
            **NO_LIMITS,
        )
        tell("listening", port=server.sockets[0].getsockname()[1])

    async def send(self, kind, block, times, cuts, ping=None):
        data = bytes.fromhex(block) * times
        starts = [0, *cuts]
        ends = [*cuts, len(data)]
        opcode = TEXT if kind == "text" else BINARY
        for i, (start, end) in enumerate(zip(starts, ends)):
            fin = i == len(cuts)
            await self.socket.write_frame(fin, CONTINUATION if i else opcode, data[start:end])
            if ping and not fin:
                self.start(self.ping(ping))
                await asyncio.sleep(0)

    async def ping(self, data):
        socket = self.socket
        waiter = await socket.ping(bytes.fromhex(data))
        await waiter
        self.tell(socket, "pong", data=data)

    async def close(self, code, reason):
        self.start(self.socket.close(code, reason))

    async def drop(self):
        self.socket.transport.abort()

    def start(self, work):
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def obey(self, command):
        name = command.pop("do")
        if name == "answer":
            self.answer = command
        elif name == "ping":
            self.start(self.ping(**command))
        else:
            await getattr(self, name)(**command)


async def main(role, *files):
    peer = Peer()
    if role == "serve":
        await peer.listen(*files)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            await peer.obey(json.loads(line))
        except Exception as failed:
            # What was asked for doesn't come, and that is what the test sees.
            print(repr(failed), file=sys.stderr)


asyncio.run(main(*sys.argv[1:]))
