// The official JavaScript client 1.0.1, unmodified, against the mock API.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startMock, startReceiver } from './mock.mjs';

let mock;
let client;
let claims;
let approve;

before(async () => {
  mock = await startMock('--clock', 'manual');
  client = await mock.client('acme');
  for (const { id, name } of await client.workflows.getAllWorkflows()) {
    if (name === 'claims') claims = id;
    if (name === 'approve') approve = id;
  }
});
after(async () => {
  assert.equal(await mock.stop(), 0); // it was asked to end
  setImmediate(() => process.exit()); // the client never closes its stream
});

const soon = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));
const within = (promise, what, ms = 10_000) => Promise.race([promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} took too long`)), ms).unref())]);

test('a workflow says what it needs', async () => {
  const { input_schema, vault_schema } = await client.workflows.getWorkflowMetadata(claims);
  assert.deepEqual(input_schema.required, ['USER']);
  assert.deepEqual(input_schema.properties.USER.type, ['string', 'array']);
  assert.equal(vault_schema.USER.type, 'credential');
});

test('inputs that do not fit are refused before anything is sent', async () => {
  await assert.rejects(client.runs.start({ workflow_id: claims, run_input_variables: {} }),
    /missing required: USER/);
});

test('a run is started and waited for', async () => {
  const handle = await client.runs.start({
    workflow_id: claims, run_input_variables: { USER: 'portal-1' }, priority_level: 'HIGH' });
  assert.match(handle.sessionId, /^[0-9a-f-]{36}$/);
  const result = handle.wait();
  await mock.advance('10m');
  const run = await within(result, 'wait()');
  assert.equal(run.session_id, handle.sessionId);
  assert.equal(run.status, 'execution.success');
  assert.equal(run.input_variables.USER, 'portal-1');
});

test('events come in order, and end with the terminal one', async () => {
  const handle = await client.runs.start({
    workflow_id: claims, run_input_variables: { USER: 'portal-2' } });
  const names = [];
  const read = (async () => { for await (const m of handle) names.push(m.data.event); })();
  await mock.advance('10m');
  await within(read, 'the events');
  assert.equal(names[0], 'execution.queued');
  assert.equal(names[1], 'execution.start');
  assert.equal(names.at(-1), 'execution.success');
  assert.ok(names.filter((n) => n === 'execution.step').length > 0);
});

test('a pool serves runs at the same time', async () => {
  const pool = ['portal-1', 'portal-2', 'portal-3'];
  const handles = [];
  for (let i = 0; i < 3; ++i)
    handles.push(await client.runs.start({ workflow_id: claims, run_input_variables: { USER: pool } }));
  const results = Promise.all(handles.map((h) => h.wait()));
  await mock.advance('20m');
  const used = (await within(results, 'the pool')).map((run) => {
    assert.equal(run.status, 'execution.success');
    return run.vault_entries.USER.permissioned_user_id;
  });
  assert.deepEqual([...used].sort(), pool);
});

test('a person answers, and the run goes on', async () => {
  const handle = await client.runs.start({ workflow_id: approve, run_input_variables: {} });
  const asked = new Promise((resolve) => handle.on('interaction.waiting', resolve));
  await mock.advance('10s');
  const { data } = await within(asked, 'interaction.waiting');
  const [wanted] = data.payload.missing_properties;
  await client.runs.submitUserInteraction(handle.sessionId, { [wanted]: 'yes' });
  const result = handle.wait();
  await mock.advance('9s');
  assert.equal((await within(result, 'wait()')).status, 'execution.success');
});

test('a queued run is stopped', async () => {
  const handles = [];
  for (let i = 0; i < 6; ++i)
    handles.push(await client.runs.start({ workflow_id: claims, run_input_variables: { USER: 'portal-3' } }));
  const last = handles.at(-1);
  const result = last.wait();
  await client.runs.interrupt(last.sessionId);
  await mock.advance('0s');
  assert.equal((await within(result, 'wait()')).status, 'execution.stopped');
  const others = Promise.all(handles.slice(0, -1).map((h) => h.wait()));
  await mock.advance('30m');
  for (const run of await within(others, 'the others')) assert.equal(run.status, 'execution.success');
});

test('the vault keeps what only the workspace can read', async () => {
  const domain = 'https://mail.example.com';
  const created = await client.vault.create(domain, 'jane', {
    user_name: 'jane@example.com', password: 's3cret', tfa_method: 'AUTHENTICATOR',
    tfa_secret: 'JBSWY3DPEHPK3PXP', allow_multiple_sessions: true, max_concurrency: 2 });
  assert.equal(created.password, 's3cret');
  const [one] = await client.vault.get({ permissioned_user_id: 'jane', domain });
  assert.equal(one.user_name, 'jane@example.com');
  const [sealed] = await client.vault.get({ permissioned_user_id: 'jane', domain, decryptCredentials: false });
  assert.match(sealed.password, /^[0-9a-f]{56,}$/);
  assert.ok((await client.vault.get()).length >= 4);
  const { code, type } = await client.vault.getTfaCode('jane', domain);
  assert.equal(type, 'authenticator');
  assert.match(code, /^\d{6}$/);
  const updated = await client.vault.update({
    permissioned_user_id: 'jane', domain, user_name: 'jane@example.com', password: 'n3w' });
  assert.equal(updated.password, 'n3w');
  await client.vault.delete({ permissioned_user_id: 'jane', domain });
  await assert.rejects(client.vault.get({ permissioned_user_id: 'jane', domain }));
});

test('webhooks are signed, and come again when asked for', async () => {
  const receiver = await startReceiver();
  const secret = 'whsec_test';
  const handle = await client.runs.start({
    workflow_id: claims, run_input_variables: { USER: 'portal-1' },
    webhook: { url: receiver.url, secret, validity: 300, event_types_subscribed: ['execution.success'] } });
  const result = handle.wait();
  await mock.advance('10m');
  await within(result, 'wait()');
  const hook = await within(receiver.next(), 'the webhook');
  const message = client.webhook.verifySignature(hook.body, hook.signature, secret, { allowExpired: true });
  assert.equal(message.event, 'execution.success');
  assert.equal(message.payload.session_id, handle.sessionId);
  assert.throws(() => client.webhook.verifySignature(hook.body, hook.signature, 'wrong', { allowExpired: true }),
    /Invalid HMAC/);

  const replay = client.runs.replayWebhooks(handle.sessionId);
  const again = await within(receiver.next(), 'the replayed webhook');
  assert.equal(JSON.parse(again.body).event, 'execution.success');
  assert.equal((await within(replay, 'the replay')).nr_success, 1);
  assert.equal(receiver.came.length, 0);
  await receiver.stop();
});

test('runs are listed, newest first', async () => {
  const rows = await mock.get('/runs?limit=3', client.apiKey);
  assert.equal(rows.length, 3);
  assert.ok(rows[0].created_at > rows[1].created_at);
});

test('a wrong key is told so', async () => {
  const reply = await fetch(`${mock.url}/workflows`, { headers: { 'cc-key': 'sk_wrong' } });
  assert.equal(reply.status, 401);
});

test('too many requests raise, and say so', async () => {
  const strict = await startMock('-p', 'requests_per_second=3', '--clock', 'manual');
  const limited = await strict.client('beta');
  const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => limited.workflows.getAllWorkflows()));
  const refused = all.filter((r) => r.status === 'rejected');
  assert.equal(refused.length, 2);
  assert.match(refused[0].reason.message, /Too Many Requests/);
  assert.equal(await strict.stop(), 0);
});

test('in wall time, forty times as fast, nobody advances anything', async () => {
  const live = await startMock('--time-scale', '40');
  const beta = await live.client('beta');
  const [{ id }] = (await beta.workflows.getAllWorkflows()).filter((w) => w.name === 'claims');
  const handles = [];
  for (let i = 0; i < 4; ++i)
    handles.push(await beta.runs.start({ workflow_id: id, run_input_variables: { USER: ['portal-1', 'portal-2'] } }));
  for (const run of await within(Promise.all(handles.map((h) => h.wait())), 'the runs', 20_000))
    assert.equal(run.status, 'execution.success');
  assert.equal(await live.stop(), 0);
  await soon();
});
