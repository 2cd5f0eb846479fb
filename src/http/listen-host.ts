/** Where the server listens, and why where it is not as asked for. */
export interface ListenHost {
  readonly host: string;
  readonly held_back: boolean;
}

/** Until somebody has a password only this machine may connect, whatever is configured. */
export function listenHost(configured: string, password_set: boolean): ListenHost {
  const local = configured === 'localhost' || configured === '::1' || /^127(\.\d{1,3}){3}$/.test(configured);
  return password_set || local
    ? { host: configured, held_back: false }
    : { host: '127.0.0.1', held_back: true };
}
