// npm's ws as a WebSocket client ("connect") or server ("serve CERT KEY"), led by lines of JSON on
// its standard input; what it sees it writes as lines of JSON. It ends when its input does. One
// socket at a time. peer.py understands the same lines.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

let socket;
let answer = {};

const tell = (event, facts) => process.stdout.write(JSON.stringify({ event, ...facts }) + '\n');

function adopt(opened) {
  socket = opened;
  // Of a socket that was given up nothing more is told.
  const on = (name, handle) =>
    opened.on(name, (...facts) => {
      if (socket === opened) {
        handle(...facts);
      }
    });
  on('message', (data, isBinary) =>
    tell('message', {
      kind: isBinary ? 'binary' : 'text',
      bytes: data.length,
      sha256: createHash('sha256').update(data).digest('hex'),
    }),
  );
  on('pong', (data) => tell('pong', { data: data.toString('hex') }));
  on('close', (code, reason) => tell('closed', { code, reason: reason.toString() }));
  opened.on('error', (error) => process.stderr.write(`${error}\n`));
}

function reset() {
  const given = socket;
  socket = undefined;
  given?.terminate();
  tell('reset');
}

function connect({ url, cookie, protocols }) {
  const opening = new WebSocket(url, protocols, {
    headers: { Cookie: cookie },
    rejectUnauthorized: false,
  });
  opening.on('unexpected-response', (request, response) => {
    tell('refused', { status: response.statusCode });
    request.destroy();
  });
  opening.on('error', (error) => process.stderr.write(`${error}\n`));
  opening.on('open', () => {
    adopt(opening);
    tell('open', { protocol: opening.protocol });
  });
}

function serve(certificate, key) {
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    handleProtocols: () => answer.protocol ?? false,
  });
  server.on('upgrade', (request, connection, head) => {
    if (answer.status) {
      connection.end(`HTTP/1.1 ${answer.status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, connection, head, (opened) => {
      adopt(opened);
      tell('open', {
        target: request.url,
        protocols: request.headers['sec-websocket-protocol'] ?? '',
        extensions: request.headers['sec-websocket-extensions'] ?? '',
      });
    });
  });
  server.listen(0, '127.0.0.1', () => tell('listening', { port: server.address().port }));
}

function send({ kind, block, times, cuts, ping }) {
  const data = Buffer.from(block.repeat(times), 'hex');
  const starts = [0, ...cuts];
  starts.forEach((start, i) => {
    const fin = i === starts.length - 1;
    socket?.send(data.subarray(start, starts[i + 1]), { binary: kind === 'binary', fin });
    if (ping && !fin) {
      socket?.ping(Buffer.from(ping, 'hex'));
    }
  });
}

const commands = {
  reset,
  connect,
  send,
  answer: (command) => (answer = command),
  ping: ({ data }) => socket?.ping(Buffer.from(data, 'hex')),
  close: ({ code, reason }) => (code ? socket?.close(code, reason) : socket?.close()),
  drop: () => socket?.terminate(),
};

const [role, ...files] = process.argv.slice(2);
if (role === 'serve') {
  serve(...files);
}
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    commands[command.do](command);
  })
  .on('close', () => process.exit());
