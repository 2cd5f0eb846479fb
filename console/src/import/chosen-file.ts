import { type ImportFormat, uploadPiece } from '../api/imports.ts';
import { wholeRows } from './whole-rows.ts';

/** A file that was chosen, with its first rows read. */
export interface ChosenFile {
  readonly key: string;
  readonly file: File;
  readonly format: ImportFormat;
  readonly encoding: 'utf-8' | 'windows-1252';
  /** The beginning, cut between two rows. */
  readonly head: string;
}

const HEAD_BYTES = 256 * 1024;
const PIECE_BYTES = 2 * 1024 * 1024;

/** Reads the beginning. Throws Error, in words for the person, when it cannot be a table. */
export async function readChosen(file: File): Promise<ChosenFile> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (bytes.length === 0) throw new Error('The file is empty.');
  if (bytes.subarray(0, 1_000).includes(0)) {
    throw new Error('This is not a text file. Save the table as CSV first (in Excel: Save as, CSV UTF-8).');
  }
  const encoding = isUtf8(bytes, file.size > HEAD_BYTES) ? 'utf-8' : 'windows-1252';
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  const format = /\.(ndjson|jsonl|json)$/i.test(file.name) || /^\s*\{/.test(text) ? 'ndjson' : 'csv';
  const head = file.size > HEAD_BYTES ? wholeRows(text, format) : text;
  return { key: randomKey(), file, format, encoding, head };
}

function isUtf8(bytes: Uint8Array, cut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends the file in pieces, as UTF-8 whatever it was written in. Gives the name under which it lies there.
 * `onProgress` gets the share sent, 0 to 1.
 */
export async function sendFile(chosen: ChosenFile, onProgress: (share: number) => void): Promise<string> {
  const name = `${chosen.key}.${chosen.format}`;
  let sent = name;
  const decoder = new TextDecoder(chosen.encoding);
  let offset = 0;
  for (let at = 0; at < chosen.file.size; at += PIECE_BYTES) {
    const bytes = await chosen.file.slice(at, at + PIECE_BYTES).arrayBuffer();
    const text = decoder.decode(bytes, { stream: at + PIECE_BYTES < chosen.file.size });
    if (text !== '') {
      const answer = await uploadPiece(name, text, offset);
      offset = answer.bytes;
      sent = answer.file;
    }
    onProgress(Math.min(1, (at + PIECE_BYTES) / chosen.file.size));
  }
  return sent;
}

/** Unlike `randomUUID` this works without https too. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
