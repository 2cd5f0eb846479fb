/**
 * How an entry lies in the store: 8 bytes of expiry (milliseconds since 1970 UTC as float64, little endian, 0 for
 * never), then the value as JSON in UTF-8.
 */
const HEADER_BYTES = 8;

/** 0 when the entry never expires. */
export const expiryOf = (bytes: Buffer): number => bytes.readDoubleLE(0);

export const isExpired = (bytes: Buffer, now_ms: number): boolean => {
  const expires_at_ms = expiryOf(bytes);
  return expires_at_ms !== 0 && expires_at_ms <= now_ms;
};

export const jsonOf = (bytes: Buffer): string => bytes.toString('utf8', HEADER_BYTES, bytes.length);

export const parsedFrom = (bytes: Buffer): unknown => JSON.parse(jsonOf(bytes));
