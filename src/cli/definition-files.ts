import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { CliError } from './io.ts';

/** A definition as a team keeps it in git: one YAML document with these three keys. */
export interface WrittenDefinition {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

/**
 * Definitions of a file, or of all *.yaml and *.yml files below a folder, in the order of their paths. Ends with a
 * CliError (exit 2) that names file, line and what is wrong of every document that cannot be read.
 */
export function readDefinitions(path: string): readonly WrittenDefinition[] {
  const problems: string[] = [];
  const found = filesOf(path).flatMap((file) => readFile(file, relative(process.cwd(), file), problems));
  if (problems.length > 0) throw new CliError(problems.join('\n'), 2);
  return found;
}

function filesOf(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError(`There is no file or folder ${path}.`, 2);
  if (stat.isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function readFile(file: string, shown: string, problems: string[]): readonly WrittenDefinition[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return [];
  return (documents as Document.Parsed[]).flatMap((document) => {
    const line = (offset: number) => lines.linePos(offset).line;
    for (const error of document.errors) problems.push(`${shown}:${line(error.pos[0])}: ${error.message}`);
    if (document.errors.length > 0 || document.contents === null) return [];
    const value: unknown = document.toJS();
    const problem = problemOf(value);
    if (problem === undefined) return [value as WrittenDefinition];
    problems.push(`${shown}:${line(document.contents.range?.[0] ?? 0)}: ${problem}`);
    return [];
  });
}

function problemOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return 'a definition is kind, name and body.';
  const { kind, name, body, ...more } = value as Record<string, unknown>;
  if (typeof kind !== 'string' || kind === '') return '`kind` is missing, for example `kind: tracking-plan`.';
  if (typeof name !== 'string' || name === '') return '`name` is missing, for example `name: shop`.';
  if (body === undefined) return '`body` is missing.';
  const unknown = Object.keys(more);
  return unknown.length === 0 ? undefined : `${unknown.join(', ')}: unknown beside kind, name and body.`;
}
