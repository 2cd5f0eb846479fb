import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export const IMPORT_KINDS = ['people', 'transactions', 'match'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];
export type ImportFormat = 'csv' | 'ndjson';

export const VALUE_TYPES = ['text', 'number', 'boolean', 'date', 'json'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What becomes of a column. */
export type Target =
  | { readonly to: 'identifier'; readonly type: string }
  | { readonly to: 'trait' | 'property'; readonly name: string; readonly as: ValueType }
  | { readonly to: 'score'; readonly name: string }
  | { readonly to: 'timestamp' | 'row_id' | 'event' | 'ignore' }
  | { readonly to: 'consent'; readonly purpose: string; readonly evidence: string }
  | { readonly to: 'group'; readonly type: string };

export type Mapping = Readonly<Record<string, Target>>;

export interface RowProblem {
  /** Of the file, from 1; the header of a table is row 1. */
  readonly row: number;
  readonly column: string;
  readonly rule: string;
  readonly message: string;
  readonly value_type: string;
}

export interface ImportPreview {
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  readonly rows: readonly {
    readonly row: number;
    readonly cells: Readonly<Record<string, unknown>>;
    readonly event: unknown;
  }[];
  readonly examined: number;
  readonly accepted: number;
  readonly problems: readonly RowProblem[];
}

export interface PreviewAsk {
  readonly text: string;
  readonly format: ImportFormat;
  readonly kind: ImportKind;
  readonly mapping?: Mapping;
  readonly event?: string;
  readonly day_first: boolean;
}

export interface ImportPlan {
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  readonly mapping: Mapping;
  readonly event?: string;
  readonly day_first: boolean;
}

export interface Import {
  readonly id: string;
  readonly name: string;
  readonly kind: ImportKind;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Reasons beyond those that the reject file has room for. */
  readonly problems_left_out: number;
  readonly progress: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly ended_at: string | null;
  readonly error: string;
  /** How to take it back. */
  readonly undo: string;
}

export interface ImportDetail extends Import {
  readonly plan: ImportPlan;
  readonly problems: readonly RowProblem[];
}

/** Old answers stay while the mapping is changed, so that the table does not flicker. `key` stands for the text. */
export function useImportPreview(key: string, ask: PreviewAsk | undefined) {
  const { text, ...rest } = ask ?? { text: '' };
  return useQuery({
    queryKey: ['import-preview', key, rest],
    queryFn: () => sendJson<ImportPreview>('POST', '/api/imports/preview', { ...rest, text }),
    enabled: ask !== undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
}

export function useImports() {
  return useQuery({
    queryKey: ['imports'],
    queryFn: ({ signal }) => getJson<{ imports: readonly Import[] }>('/api/imports', {}, signal),
    select: (answer) => answer.imports,
    refetchInterval: (query) =>
      query.state.data?.imports.some((each) => each.state === 'running') === true ? 1_000 : 10_000,
  });
}

export function useImport(id: string) {
  return useQuery({
    queryKey: ['import', id],
    queryFn: ({ signal }) => getJson<ImportDetail>(`/api/imports/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : false),
  });
}

/** A piece of the file; the answer says how many bytes are there, and the name that an import knows it by. */
export function uploadPiece(
  file: string,
  text: string,
  offset: number,
): Promise<{ readonly file: string; readonly bytes: number }> {
  return sendJson('POST', '/api/imports/files', { file, text, offset });
}

export interface StartedImport {
  readonly id: string;
  readonly run_id: string;
}

export function useStartImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly name: string; readonly plan: ImportPlan; readonly file: string }) =>
      sendJson<StartedImport>('POST', '/api/imports', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['imports'] }),
  });
}

export function useResumeImport() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      sendJson<StartedImport>('POST', `/api/imports/${encodeURIComponent(id)}/resume`, {}),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['imports'] });
      void queries.invalidateQueries({ queryKey: ['import'] });
    },
  });
}

/** The whole reject file, read page by page. */
export function useRejects() {
  return useMutation({
    mutationFn: async (id: string) => {
      let csv = '';
      let after: number | null = 0;
      while (after !== null) {
        const page: { csv: string; next: number | null } = await getJson(
          `/api/imports/${encodeURIComponent(id)}/rejects`,
          { after },
        );
        csv += page.csv;
        after = page.next;
      }
      return csv;
    },
  });
}
