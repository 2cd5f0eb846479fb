import type { FastifyInstance } from 'fastify';

/** Takes no more requests, lets those under way finish for at most `grace_ms`, then cuts what is left. */
export async function closeGracefully(app: FastifyInstance, grace_ms: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), grace_ms);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
