// A mail server that takes everything: STARTTLS on one port, encrypted from the first byte on another. A letter is written down,
// synced, before it is acknowledged, so that the file tells the truth however this process ends.
// Usage: node mail-server.mjs PORT SECURE_PORT KEY_FILE CERTIFICATE_FILE LETTERS_FILE
import { fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [port, securePort, key, cert, letters] = process.argv.slice(2);
const file = openSync(letters, 'a');
const tls = { key: readFileSync(key), cert: readFileSync(cert) };

function take(stream, session, done) {
  let letter = '';
  stream.on('data', (data) => { letter += data; });
  stream.on('end', () => {
    const id = /^Message-ID: (\S+)/im.exec(letter)?.[1] ?? '';
    writeSync(file, `${JSON.stringify({ id, to: session.envelope.rcptTo[0].address, isEncrypted: session.secure })}\n`);
    fsyncSync(file);
    done();
  });
}

for (const [secure, at] of [[false, port], [true, securePort]]) {
  const server = new SMTPServer({ ...tls, secure, authOptional: true, disabledCommands: ['AUTH'], logger: false, onData: take });
  // A client that is killed breaks its line: no reason to end.
  server.on('error', () => {});
  server.listen(Number(at), '127.0.0.1');
}
