// The official JavaScript client against a mock that takes three requests a second.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { connect, leave } from './mock.mjs';

after(leave);

test('too many requests raise, and say so', async () => {
  const { client } = await connect('beta');
  const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => client.workflows.getAllWorkflows()));
  const refused = all.filter((r) => r.status === 'rejected');
  assert.equal(refused.length, 2);
  assert.match(refused[0].reason.message, /Too Many Requests/);
});
