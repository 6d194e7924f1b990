// Starts `sluice serve` for a test, and hands out official clients that reach it.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { CloudCruise } from 'cloudcruise';

export const SLUICE = process.env.SLUICE ?? 'sluice';
export const SCENARIO = process.env.SLUICE_SCENARIO;

// The client refuses every host but its own, so requests are led to the mock below it.
const REAL = 'https://api.cloudcruise.com';
const realFetch = globalThis.fetch;
const targets = new Map(); // by API key

globalThis.fetch = (url, init = {}) => {
  if (!String(url).startsWith(REAL)) return realFetch(url, init);
  const key = new Headers(init.headers).get('cc-key');
  return realFetch(targets.get(key) + String(url).slice(REAL.length), init);
};

/** A mock in a process of its own; `stop()` ends it and says with which exit code. */
export async function startMock(...args) {
  const child = spawn(SLUICE, ['serve', SCENARIO, '--listen', '127.0.0.1:0', ...args]);
  let said = '';
  const url = await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`sluice serve ended with ${code}: ${said}`)));
    child.stderr.on('data', (data) => {
      said += data;
      const found = said.match(/listening on (http:\/\/\S+)/);
      if (found) resolve(found[1]);
    });
  });
  const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  const post = async (path, body) => {
    const reply = await realFetch(url + path, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    url,
    post,
    advance: (by) => post('/_sluice/clock/advance', { by }),
    get: async (path, key) => (await realFetch(url + path, { headers: key ? { 'cc-key': key } : {} })).json(),
    client: async (workspace = 'acme') => {
      const { api_key: apiKey, encryption_key: encryptionKey } = await keysOf(url, workspace);
      targets.set(apiKey, url);
      return new CloudCruise({ apiKey, encryptionKey });
    },
    stop: async () => { child.kill('SIGTERM'); return ended; },
  };
}

async function keysOf(url, workspace) {
  const { workspaces } = await (await realFetch(`${url}/_sluice/config`)).json();
  return workspaces.find((w) => w.name === workspace);
}

/** A receiver of webhooks; `next()` resolves with the next one that comes. */
export async function startReceiver() {
  const came = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      response.end('thanks');
      const hook = { body, signature: request.headers['x-hmac-signature'] };
      if (waiting.length) waiting.shift()(hook); else came.push(hook);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    came,
    next: () => came.length ? Promise.resolve(came.shift()) : new Promise((r) => waiting.push(r)),
    stop: () => new Promise((r) => { server.closeAllConnections(); server.close(r); }),
  };
}
