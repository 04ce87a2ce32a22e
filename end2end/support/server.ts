// A school of its own, with the embedded PostgreSQL, whose processes a test may kill.
import { expect } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const program = join(root, 'target', 'release', 'lectern');

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

export class Server {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    readonly origin: string,
  ) {}

  /** Makes the demo school in a folder of its own and serves it. */
  static async start(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'lectern-crash.'));
    // PostgreSQL runs as an account of its own when the tests run as root.
    chmodSync(folder, 0o755);
    const address = `127.0.0.1:${await freePort()}`;
    const origin = `http://${address}`;
    const env = { ...process.env, DATABASE_URL: '', LECTERN_DATA_DIR: folder, LISTEN_ADDR: address, BASE_URL: origin };
    execFileSync(program, ['init', '--demo'], { cwd: root, env, stdio: 'ignore' });
    const server = new Server(folder, env, origin);
    await server.serve();
    return server;
  }

  /** One more server of the school that the other tests look at, on the same database. */
  static async another(): Promise<Server> {
    const address = `127.0.0.1:${await freePort()}`;
    const origin = `http://${address}`;
    const folder = mkdtempSync(join(tmpdir(), 'lectern-another.'));
    const server = new Server(folder, { ...process.env, LISTEN_ADDR: address, BASE_URL: origin }, origin);
    await server.serve();
    return server;
  }

  /** Starts the program and waits until it answers. */
  async serve(): Promise<void> {
    const log = openSync(join(this.folder, 'serve.log'), 'a');
    this.child = spawn(program, ['serve'], { cwd: root, env: this.env, stdio: ['ignore', log, log] });
    await expect.poll(() => fetch(`${this.origin}/readyz`).then(({ status }) => status, () => 0), { timeout: 30_000 }).toBe(200);
  }

  /** The first process of PostgreSQL. */
  private postgres(): number {
    return Number(readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** `kill -9` of the program, and of its database too. */
  async kill(what: 'server' | 'both'): Promise<void> {
    const gone = new Promise((done) => this.child?.once('exit', done));
    if (what === 'both') process.kill(this.postgres(), 'SIGKILL');
    this.child?.kill('SIGKILL');
    await gone;
  }

  /** `kill -9` of the database alone; the program starts it again. */
  killDatabase(): void {
    process.kill(this.postgres(), 'SIGKILL');
  }

  async stop(): Promise<void> {
    const gone = new Promise((done) => this.child?.once('exit', done));
    this.child?.kill('SIGTERM');
    await gone;
    rmSync(this.folder, { recursive: true });
  }
}
