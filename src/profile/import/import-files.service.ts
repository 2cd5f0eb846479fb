import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';

/** Files to import, in one folder: what was sent (`sent-…`, `text-…`), and what an operator put there. */
export interface ImportFiles {
  /** Keeps a text under a new name. */
  keep(id: string, text: string): Promise<string>;
  /** Adds a piece at its offset; answers the whole size. */
  add(name: string, text: string, offset: number): Promise<{ readonly file: string; readonly bytes: number }>;
  size(file: string): Promise<number>;
  /** `seen` is told how many bytes were read. */
  read(file: string, seen: (bytes: number) => void): AsyncGenerator<string>;
  /** Removes it when it was sent; an operator's file stays. */
  done(file: string): Promise<void>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;
const BYTES_MAX = 20 * 1_073_741_824;
const CHUNK_BYTES = 256 * 1_024;

export function importFiles(folder: string): ImportFiles {
  const pathOf = (file: string): string => {
    if (!NAME.test(file) || file.includes('..'))
      throw new AppError('invalid_input', {
        message: 'A file name has letters, digits, dots, underscores and hyphens only.',
        field: 'file',
        rule: 'name',
      });
    return join(folder, file);
  };

  async function size(file: string): Promise<number> {
    const found = await stat(pathOf(file)).catch(() => undefined);
    if (found?.isFile() !== true)
      throw new AppError('not_found', {
        message: 'There is no such file in the import folder: send it first.',
        field: 'file',
      });
    return found.size;
  }

  async function write(file: string, text: string, offset: number): Promise<number> {
    await mkdir(folder, { recursive: true });
    const handle = await open(pathOf(file), offset === 0 ? 'w' : 'r+', 0o600);
    try {
      const bytes = Buffer.from(text);
      await handle.write(bytes, 0, bytes.length, offset);
      await handle.sync();
      return offset + bytes.length;
    } finally {
      await handle.close();
    }
  }

  return {
    async keep(id, text) {
      const file = `text-${id}`;
      await write(file, text, 0);
      return file;
    },
    async add(name, text, offset) {
      const file = name.startsWith('sent-') ? name : `sent-${name}`;
      const there = offset === 0 ? 0 : await size(file);
      if (offset > there)
        throw new AppError('conflict', {
          message: `The file has ${there} bytes: send the piece that starts there.`,
          field: 'offset',
        });
      if (offset + Buffer.byteLength(text) > BYTES_MAX)
        throw new AppError('body_too_large', { message: 'The file is too large.', limit: BYTES_MAX });
      return { file, bytes: await write(file, text, offset) };
    },
    size,
    async *read(file, seen) {
      const stream = createReadStream(pathOf(file), { encoding: 'utf8', highWaterMark: CHUNK_BYTES });
      for await (const chunk of stream) {
        seen(stream.bytesRead);
        yield chunk as string;
      }
    },
    async done(file) {
      if (/^(sent|text)-/.test(file)) await rm(pathOf(file), { force: true });
    },
  };
}
