// The official JavaScript client against a mock in wall time, forty times as fast: nobody advances anything.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { connect, leave, within } from './mock.mjs';

after(leave);

test('runs end by themselves', async () => {
  const { client } = await connect('beta');
  const [{ id }] = (await client.workflows.getAllWorkflows()).filter((w) => w.name === 'claims');
  const handles = [];
  for (let i = 0; i < 4; ++i)
    handles.push(await client.runs.start({ workflow_id: id, run_input_variables: { USER: ['portal-1', 'portal-2'] } }));
  for (const run of await within(Promise.all(handles.map((h) => h.wait())), 'the runs', 20_000))
    assert.equal(run.status, 'execution.success');
});
