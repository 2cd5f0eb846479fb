import { type DestinationStream, destination, pino } from 'pino';
import type { Logger } from '../kernel/logger.ts';
import type { Config } from './config.ts';

/** Logs go to standard error, one JSON object a line; standard output is for the person at the terminal. */
const toStandardError = (): DestinationStream => destination({ fd: 2, sync: false });

export const createLogger = (level: Config['log_level']): Logger =>
  pino({ level, base: null }, toStandardError());
