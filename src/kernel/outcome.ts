/** What a step says about one piece of work: a value, not an exception. */
export type Outcome<T> =
  | { readonly is: 'ok'; readonly value: T }
  | { readonly is: 'drop'; readonly reason: string }
  | { readonly is: 'quarantine'; readonly reason: string; readonly detail: string; readonly path?: string };

export const ok = <T>(value: T): Outcome<T> => ({ is: 'ok', value });
export const drop = (reason: string): Outcome<never> => ({ is: 'drop', reason });
export const quarantine = (reason: string, detail: string, path?: string): Outcome<never> =>
  path === undefined ? { is: 'quarantine', reason, detail } : { is: 'quarantine', reason, detail, path };
