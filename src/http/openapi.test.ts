import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { openServer } from './fixture.ts';
import type { OpenApi } from './openapi.ts';

const read = async () => {
  const { app, govern } = await openServer();
  const api = (await app.inject({ url: '/api/openapi.json' })).json() as OpenApi;
  const operations = Object.values(api.paths).flatMap((methods) => Object.values(methods));
  return { app, govern, api, operations };
};

test('every operation is in the document once, under its name', async () => {
  const { govern, operations } = await read();
  const ids = operations.map((o) => o.operationId);
  expect(ids).toEqual(expect.arrayContaining(govern.stage.operations.map((o) => o.name)));
  expect(new Set(ids).size).toBe(ids.length);
});

test('path parameters are declared, and the body holds the rest', async () => {
  const { api } = await read();
  for (const [path, methods] of Object.entries(api.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    for (const operation of Object.values(methods)) {
      expect(
        operation.parameters.filter((p) => p.in === 'path').map((p) => p.name),
        path,
      ).toEqual(inPath);
    }
  }
  const put = api.paths['/api/definitions/{kind}/{name}']?.['put'];
  const body = put?.requestBody?.content['application/json'].schema;
  expect(Object.keys(body?.['properties'] as object)).toEqual(['body']);
});

test('every schema in it is valid JSON Schema 2020-12', async () => {
  const { operations } = await read();
  const ajv = new Ajv2020({ strict: false });
  const schemas = operations.flatMap((o) => [
    ...o.parameters.map((p) => p.schema),
    ...(o.requestBody === undefined ? [] : [o.requestBody.content['application/json'].schema]),
    (o.responses['200'] as { content: { 'application/json': { schema: object } } }).content[
      'application/json'
    ].schema,
  ]);
  expect(schemas.length).toBeGreaterThan(30);
  for (const schema of schemas) expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true);
});

test('the readable page names every operation and runs no script', async () => {
  const { app, operations } = await read();
  const answer = await app.inject({ url: '/api/docs' });
  expect(answer.headers['content-type']).toContain('text/html');
  expect(answer.body).not.toMatch(/<script/i);
  for (const { operationId } of operations) expect(answer.body).toContain(`id="${operationId}"`);
});
