// The mock as the official client sees it: `run.sh` has started it, and made it https://api.cloudcruise.com.
import http from 'node:http';
import { CloudCruise } from 'cloudcruise';

const URL = 'https://api.cloudcruise.com';

/** What the admin API answers to POST `path`. */
export async function post(path, body) {
  const reply = await fetch(URL + path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${text}`);
  return JSON.parse(text);
}

export const advance = (by) => post('/_sluice/clock/advance', { by });

/** GET `path`, with a key or without. */
export const get = (path, key) => fetch(URL + path, { headers: key ? { 'cc-key': key } : {} });

/** The official client of a workspace, and that workspace's API key. */
export async function connect(workspace = 'acme') {
  const { workspaces } = await (await get('/_sluice/config')).json();
  const { api_key: apiKey, encryption_key: encryptionKey } = workspaces.find((w) => w.name === workspace);
  return { client: new CloudCruise({ apiKey, encryptionKey }), apiKey };
}

export const within = (promise, what, ms = 10_000) => Promise.race([promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} took too long`)), ms).unref())]);

/** The client never closes its stream: to be called after the last test. */
export const leave = () => setImmediate(() => process.exit());

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
