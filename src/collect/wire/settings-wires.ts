/** What unmodified clients ask before they send: Segment's settings and script, RudderStack's source configuration. */
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { keyFromAuthorization } from '../accept/credentials.ts';
import type { Source, SourceDirectory } from '../sources/source.ts';
import { clientWires } from './client-wires.ts';
import { jsonReply, type Wire, type WireRequest } from './wire.ts';

/** A disabled source, or a changed address, is noticed within this time. */
const CACHE = { 'cache-control': 'public, max-age=60' };
const HOST = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

export interface SettingsDeps {
  readonly sources: SourceDirectory;
  readonly clock: Clock;
  /** Address that clients reach this server at, `https://collect.example.com`; without it the request's own. */
  readonly public_url?: string | undefined;
}

export function settingsWires({ sources, clock, public_url }: SettingsDeps): readonly Wire[] {
  const find = (write_key: string): Source => {
    const source = write_key === '' ? undefined : sources.byWriteKey(write_key, clock.now_ms());
    if (source === undefined)
      throw new AppError('invalid_write_key', { message: 'The write key is not known, or no longer.' });
    return source;
  };
  const findEnabled = (write_key: string): Source => {
    const source = find(write_key);
    if (!source.enabled)
      throw new AppError('source_disabled', { message: `The source ${source.name} is disabled.` });
    return source;
  };
  const settings = async (request: WireRequest) => {
    const write_key = request.params['key'] ?? '';
    findEnabled(write_key);
    return jsonReply(segmentSettings(write_key, addressOf(request, public_url)), CACHE);
  };
  const sourceConfig = async (request: WireRequest) => {
    const write_key =
      keyFromAuthorization(request.header('authorization')) || (request.query['writeKey'] ?? '');
    return jsonReply(rudderSourceConfig(write_key, find(write_key)), { 'cache-control': 'no-cache' });
  };
  return [
    { method: 'GET', path: '/v1/projects/:key/settings', answer: settings },
    { method: 'GET', path: '/projects/:key/settings', answer: settings },
    { method: 'GET', path: '/sourceConfig', answer: sourceConfig },
    { method: 'GET', path: '/sourceConfig/', answer: sourceConfig },
    ...clientWires(findEnabled),
  ];
}

interface Address {
  readonly protocol: string;
  readonly host: string;
}

function addressOf({ protocol, host }: WireRequest, public_url: string | undefined): Address {
  if (public_url !== undefined) {
    const url = new URL(public_url);
    return { protocol: url.protocol.slice(0, -1), host: url.host };
  }
  if (!HOST.test(host))
    throw new AppError('invalid_input', { message: 'The Host header is not a host name.', field: 'host' });
  return { protocol, host };
}

/** No remote plugins and no device-mode destinations: the client delivers to us alone. */
const segmentSettings = (write_key: string, { protocol, host }: Address) => ({
  integrations: {
    'Segment.io': {
      apiKey: write_key,
      apiHost: `${host}/v1`,
      protocol,
      unbundledIntegrations: [],
      addBundledMetadata: true,
      maybeBundledConfigIds: {},
      versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
    },
  },
  plan: {
    track: { __default: { enabled: true, integrations: {} } },
    identify: { __default: { enabled: true } },
    group: { __default: { enabled: true } },
  },
  edgeFunction: {},
  middlewareSettings: {},
  enabledMiddleware: {},
  metrics: { sampleRate: 0 },
  remotePlugins: [],
  legacyVideoPluginsEnabled: false,
});

/** The clients accept it when source.id, source.config and source.destinations are there. */
const rudderSourceConfig = (write_key: string, source: Source) => ({
  source: {
    id: source.id,
    name: source.name,
    writeKey: write_key,
    enabled: source.enabled,
    workspaceId: 'plumbline',
    config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
    destinations: [],
    dataplanes: {},
    createdAt: source.created_at,
    updatedAt: source.created_at,
  },
  updatedAt: source.created_at,
});
