// What the document promises fits the types of the official client: this file only has to compile.
import type { EventType, GetRunResult, SignedFileUrl, VaultEntry, WebhookMessage, WebhookReplayResponse, Workflow,
  WorkflowMetadata } from 'cloudcruise';
import type { components, webhooks } from './api.js';

type Schemas = components['schemas'];
type Fits<Wanted, Given extends Wanted> = Given;
/** Words are an enumeration there. */
type WithoutWords<T> = Omit<T, 'status'>;
type Official<Event extends EventType> = WithoutWords<WebhookMessage<Event>['payload']>;
type Sent<Event extends keyof webhooks> =
  webhooks[Event] extends { post: { requestBody?: { content: { 'application/json': { payload: infer P } } } } } ? P : never;

export type All = [
  Fits<WithoutWords<GetRunResult>, Schemas['Run']>,
  Fits<SignedFileUrl, Schemas['File']>,
  Fits<Omit<VaultEntry, 'tfa_method' | 'proxy'>, Schemas['VaultEntry']>,
  Fits<Workflow, Schemas['Workflow']>,
  Fits<Pick<WorkflowMetadata, never>, Schemas['WorkflowMetadata']>,
  Fits<WebhookReplayResponse, Schemas['WebhookReplay']>,
  Fits<Official<EventType.ExecutionQueued>, Sent<'execution.queued'>>,
  Fits<Official<EventType.ExecutionStart>, Sent<'execution.start'>>,
  Fits<Official<EventType.ExecutionStep>, Sent<'execution.step'>>,
  Fits<Official<EventType.ExecutionRequeued>, Sent<'execution.requeued'>>,
  Fits<Official<EventType.ExecutionSuccess>, Sent<'execution.success'>>,
  Fits<Official<EventType.ExecutionFailed>, Sent<'execution.failed'>>,
  Fits<Official<EventType.FileUploaded>, Sent<'file.uploaded'>>,
  Fits<Official<EventType.ScreenshotUploaded>, Sent<'screenshot.uploaded'>>,
  Fits<Official<EventType.InteractionWaiting>, Sent<'interaction.waiting'>>,
  Fits<Official<EventType.AgentErrorAnalysis>, Sent<'agent.error_analysis'>>,
];
