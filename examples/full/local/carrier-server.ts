/* The other company's service, on this machine. Its first answer is that it is busy. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CarrierServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startCarrierServer(): Promise<CarrierServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    if (++requests === 1) response.writeHead(503).end();
    else if (request.url === '/parcels/P-900') response.end(JSON.stringify({ status: 'delivered', damaged: true }));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
