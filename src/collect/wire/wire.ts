/**
 * A wire is one path on which events or a client's questions about its source arrive. It is data: the HTTP edge
 * registers each one, reads the body and writes the reply. To add a wire, add an entry to a list in this folder.
 */
export interface WireRequest {
  /** `{ key: 'wk_…' }` for a path with `:key`. */
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each name. */
  readonly query: Readonly<Record<string, string>>;
  /** A header by its lower-case name; empty when there is none. */
  header(name: string): string;
  /** Each time a header was sent, apart. */
  headerValues(name: string): readonly string[];
  readonly ip: string;
  /** `https` or `http`, and the Host header, as the client sees this server. */
  readonly protocol: string;
  readonly host: string;
  /** Decompressed; empty without a body. */
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly content_type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Wire {
  readonly method: 'GET' | 'POST';
  /** With `:name` for parameters. */
  readonly path: string;
  /** Rejects with an AppError to refuse. */
  answer(request: WireRequest): Promise<WireReply>;
}

export const jsonReply = (value: unknown, headers?: Readonly<Record<string, string>>): WireReply => ({
  status: 200,
  content_type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
  ...(headers && { headers }),
});
