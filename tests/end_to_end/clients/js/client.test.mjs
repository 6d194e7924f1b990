// The official JavaScript client 1.0.1, unmodified, against the mock API.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { advance, connect, get, leave, post, startReceiver, within } from './mock.mjs';

let client;
let apiKey;
let claims;
let approve;

before(async () => {
  ({ client, apiKey } = await connect('acme'));
  for (const { id, name } of await client.workflows.getAllWorkflows()) {
    if (name === 'claims') claims = id;
    if (name === 'approve') approve = id;
  }
});
after(leave);

/** Starts a run and moves the clock until it is over. */
async function scripted(workflow_id, run_input_variables) {
  const handle = await client.runs.start({ workflow_id, run_input_variables });
  const result = handle.wait();
  const moved = await post('/_sluice/clock/advance', { until: { run: handle.sessionId } });
  assert.equal(moved.reached, true);
  const run = await within(result, 'wait()');
  return { errors: run.errors, handle, run };
}

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
  await advance('10m');
  const run = await within(result, 'wait()');
  assert.equal(run.session_id, handle.sessionId);
  assert.equal(run.status, 'execution.success');
  assert.equal(run.input_variables.USER, 'portal-1');
  const [sealed] = await client.vault.get({
    permissioned_user_id: 'portal-1', domain: 'https://portal.example.com', decryptCredentials: false });
  assert.equal(run.vault_entries.USER.user_name, sealed.user_name);
  assert.equal(run.vault_entries.USER.password, sealed.password);
});

test('events come in order, and end with the terminal one', async () => {
  const handle = await client.runs.start({
    workflow_id: claims, run_input_variables: { USER: 'portal-2' } });
  const names = [];
  const read = (async () => { for await (const m of handle) names.push(m.data.event); })();
  await advance('10m');
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
  await advance('20m');
  const used = (await within(results, 'the pool')).map((run) => {
    assert.equal(run.status, 'execution.success');
    return run.vault_entries.USER.permissioned_user_id;
  });
  assert.deepEqual([...used].sort(), pool);
});

test('a person answers, and the run goes on', async () => {
  const handle = await client.runs.start({ workflow_id: approve, run_input_variables: {} });
  const asked = new Promise((resolve) => handle.on('interaction.waiting', resolve));
  await advance('10s');
  const { data } = await within(asked, 'interaction.waiting');
  const { nodes } = await (await get(`/workflows/${approve}`, apiKey)).json();
  assert.equal(nodes.find((n) => n.name === data.payload.current_step).action, 'USER_INTERACTION');
  const [wanted] = data.payload.missing_properties;
  await client.runs.submitUserInteraction(handle.sessionId, { [wanted]: 'yes' });
  const result = handle.wait();
  await advance('9s');
  assert.equal((await within(result, 'wait()')).status, 'execution.success');
});

test('a run fails as the test asks for, with the error that the test words', async () => {
  const { errors, handle, run } = await scripted(claims, {
    USER: 'portal-1',
    sluice_script: { outcome: 'fail', step: 2, takes: '5s', category: 'AUTHENTICATION_ERROR',
      sub_type: 'MFA_CODE_REJECTED', error_code: 'MFA-E0007', message: 'The code was refused' } });
  assert.equal(run.status, 'execution.failed');
  assert.deepEqual(run.input_variables, { USER: 'portal-1' });
  assert.equal(errors.length, 1);
  assert.equal(errors[0].llm_error_category, 'AUTHENTICATION_ERROR');
  assert.equal(errors[0].llm_error_sub_type, 'MFA_CODE_REJECTED');
  assert.equal(errors[0].error_code, 'MFA-E0007');
  assert.equal(errors[0].message, 'The code was refused');
  assert.equal(errors[0].action_display_name, 'Step 2');
  const { script } = await (await get(`/_sluice/runs/${handle.sessionId}`)).json();
  assert.equal(script.by, 'run_input_variables.sluice_script');
});

test('the next run of a workflow goes as a rule says', async () => {
  const rule = await post('/_sluice/scripts', {
    match: { workflow: 'claims', workspace: 'acme' }, times: 1,
    script: { retries: 1, takes: '1s', output: { filed: 'C-1' } } });
  assert.equal(rule.struck, 0);
  const { handle, run } = await scripted(claims, { USER: 'portal-2' });
  assert.equal(run.status, 'execution.success');
  assert.deepEqual(run.data, { filed: 'C-1' });
  assert.equal(run.session_retries, 1);
  assert.equal((await (await get(`/_sluice/runs/${handle.sessionId}`)).json()).script.by, `rule ${rule.id}`);
});

test('a queued run is stopped', async () => {
  const handles = [];
  for (let i = 0; i < 6; ++i)
    handles.push(await client.runs.start({ workflow_id: claims, run_input_variables: { USER: 'portal-3' } }));
  const last = handles.at(-1);
  const result = last.wait();
  await client.runs.interrupt(last.sessionId);
  await advance('0s');
  assert.equal((await within(result, 'wait()')).status, 'execution.stopped');
  const others = Promise.all(handles.slice(0, -1).map((h) => h.wait()));
  await advance('30m');
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
  await advance('10m');
  await within(result, 'wait()');
  const hook = await within(receiver.next(), 'the webhook');
  const message = client.webhook.verifySignature(hook.body, hook.signature, secret);
  assert.equal(message.event, 'execution.success');
  assert.equal(message.payload.session_id, handle.sessionId);
  assert.throws(() => client.webhook.verifySignature(hook.body, hook.signature, 'wrong'), /Invalid HMAC/);

  const replay = client.runs.replayWebhooks(handle.sessionId);
  const again = await within(receiver.next(), 'the replayed webhook');
  assert.equal(client.webhook.verifySignature(again.body, again.signature, secret).event, 'execution.success');
  assert.equal((await within(replay, 'the replay')).nr_success, 1);
  assert.equal(receiver.came.length, 0);
  await receiver.stop();
});

test('runs are listed, newest first', async () => {
  const rows = await (await get('/runs?limit=3', apiKey)).json();
  assert.equal(rows.length, 3);
  assert.ok(rows[0].created_at > rows[1].created_at);
});

test('a wrong key is told so', async () => {
  assert.equal((await get('/workflows', 'sk_wrong')).status, 401);
});
