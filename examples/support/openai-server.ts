/*
 * A server on this machine that speaks the protocol of chat completions, streaming and tool calls included. What it says comes
 * from any model, such as `scriptedModel([…])`, so that an example runs without a key and without a network.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelPart, ModelProvider } from 'stageflow/agents';
import { type ChatBody, completion, modelRequest, partChunks, usageChunk } from './chat-protocol.js';

export interface ModelServer {
  /** What a client takes as its base URL. */
  readonly url: string;
  /** What was asked, in order, as it came. */
  readonly requests: readonly ChatBody[];
  close(): Promise<void>;
}

export interface ModelServerOptions {
  /** Requests need it as bearer token. Default: none is looked at. */
  readonly apiKey?: string;
}

/** Starts it on a free port of the loopback interface. */
export async function startModelServer(model: ModelProvider, options: ModelServerOptions = {}): Promise<ModelServer> {
  const requests: ChatBody[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => fail(response, error));
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      return refuse(response, 404, 'not_found_error', 'There is only POST /v1/chat/completions.');
    }
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
      return refuse(response, 401, 'invalid_api_key', 'The API key is wrong.');
    }
    const body = readBody(await textOf(request));
    if (body === null) return refuse(response, 400, 'invalid_request_error', 'The body is no chat request.');
    requests.push(body);
    await answer(model, body, response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests, close: () => close(server) };
}

async function answer(model: ModelProvider, body: ChatBody, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('The client has gone.')));
  const parts = model.stream(modelRequest(body), gone.signal);
  if (body.stream !== true) {
    const all: ModelPart[] = [];
    for await (const part of parts) all.push(part);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(completion(body.model, all)));
    return;
  }
  let calls = 0;
  for await (const part of parts) {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunks = part.type === 'usage' ? usageChunk(body, part) : partChunks(body.model, part, calls);
    if (part.type === 'call') calls++;
    for (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

function readBody(text: string): ChatBody | null {
  try {
    const body = JSON.parse(text) as Partial<ChatBody> | null;
    return typeof body?.model === 'string' && Array.isArray(body.messages) ? (body as ChatBody) : null;
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: code, code } }));
}

/** The model threw: with a status of its own if it has one, and, once the answer has begun, as an event. */
function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const status = (error as { status?: unknown } | null)?.status;
  if (!response.headersSent) {
    refuse(response, typeof status === 'number' ? status : 500, 'server_error', message);
    return;
  }
  response.end(`data: ${JSON.stringify({ error: { message, type: 'server_error' } })}\n\n`);
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
