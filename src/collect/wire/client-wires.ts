/** Segment's browser client itself, as its snippet loads it: a page needs no other server than this one. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import type { Source } from '../sources/source.ts';
import type { Wire, WireReply, WireRequest } from './wire.ts';

/** The snippet asks for a name without a version; the parts of the client have a hash of their content in theirs. */
const SNIPPET_CACHE = 'public, max-age=3600';
const BUNDLE_CACHE = 'public, max-age=31536000, immutable';

/** `enabledSource` refuses an unknown key and a disabled source. */
export function clientWires(enabledSource: (write_key: string) => Source): readonly Wire[] {
  const file = createFiles();
  return [
    {
      method: 'GET',
      path: '/analytics.js/v1/:key/analytics.min.js',
      answer: async (request) => {
        enabledSource(request.params['key'] ?? '');
        return scriptReply(request, file, 'standalone.js', SNIPPET_CACHE);
      },
    },
    {
      method: 'GET',
      path: '/analytics-next/bundles/:file',
      answer: async (request) => scriptReply(request, file, request.params['file'] ?? '', BUNDLE_CACHE),
    },
  ];
}

type Files = (name: string) => Buffer | undefined;

/** The scripts of the installed package and their packed copies, by name; about half a megabyte once all were asked for. */
function createFiles(): Files {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('@segment/analytics-next/package.json')),
    'dist/umd',
  );
  const names = new Set(readdirSync(folder).filter((name) => /\.js(\.gz)?$/.test(name)));
  const read = new Map<string, Buffer>();
  return (name) => {
    if (!names.has(name)) return undefined;
    const found = read.get(name) ?? readFileSync(join(folder, name));
    read.set(name, found);
    return found;
  };
}

function scriptReply(request: WireRequest, file: Files, name: string, cache: string): WireReply {
  const plain = name.endsWith('.js') ? file(name) : undefined;
  if (plain === undefined)
    throw new AppError('not_found', { message: 'This is no part of the browser client.' });
  const packed = /\bgzip\b/.test(request.header('accept-encoding')) ? file(`${name}.gz`) : undefined;
  return {
    status: 200,
    content_type: 'text/javascript; charset=utf-8',
    body: packed ?? plain,
    headers: {
      'cache-control': cache,
      vary: 'accept-encoding',
      ...(packed && { 'content-encoding': 'gzip' }),
    },
  };
}
