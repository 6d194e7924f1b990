// What a typed client does with the API: nothing here is typed but by the document.
import createClient from 'openapi-fetch';
import type { paths, webhooks } from './api.js';

type Body<Response> = Response extends { content: { 'application/json': infer B } } ? B : never;
type RateLimited = Body<paths['/run']['post']['responses'][429]>;
type Refused = Body<paths['/run']['post']['responses'][413]> & Body<paths['/vault']['put']['responses'][405]>;
type Hook<Event extends keyof webhooks> =
  webhooks[Event] extends { post: { requestBody?: { content: { 'application/json': infer B } } } } ? B : never;

export const clientOf = (baseUrl: string, key: string) =>
  createClient<paths>({ baseUrl, headers: { 'cc-key': key } });
type Client = ReturnType<typeof clientOf>;

/** The new run's session id, or how long to wait until the next try. */
export async function start(client: Client, workflow_id: string, run_input_variables: Record<string, unknown> = {}): Promise<string | number> {
  const { data, error, response } = await client.POST('/run', {
    body: { workflow_id, run_input_variables, priority_level: 'HIGH' } });
  if (data) return data.session_id;
  if (response.status !== 429) throw new Error((error as Refused).message);
  const limited = error as RateLimited;
  // @ts-expect-error: a name that the document has not.
  void limited.retryAfterMinutes;
  const seconds: number = limited.retryAfterSeconds;
  return seconds;
}

/** Status and the codes of its errors. */
export async function outcome(client: Client, session_id: string) {
  const { data } = await client.GET('/run/{session_id}', { params: { path: { session_id } } });
  if (!data) throw new Error('no such run');
  const codes: (string | undefined)[] = data.errors.map((error) => error.error_code);
  const pages: (string | undefined)[] = data.errors.map((error) => error.full_url);
  return { status: data.status, codes, pages, files: data.file_urls?.map((file) => file.signed_file_url) };
}

export async function newest(client: Client, limit: number) {
  const { data } = await client.GET('/runs', { params: { query: { limit, statuses: ['execution.success'] } } });
  return data?.map((row) => row.session_id);
}

export async function entries(client: Client) {
  const { data } = await client.GET('/vault');
  if (!data) return [];
  return (Array.isArray(data) ? data : [data]).map((entry): string | undefined => entry.ip_address);
}

/** What a receiver reads of two webhooks. */
export const ended = (hook: Hook<'execution.success'>): string => `${hook.payload.status} at ${hook.timestamp + 0}`;
export const asked = (hook: Hook<'interaction.waiting'>): string => hook.payload.current_step;
