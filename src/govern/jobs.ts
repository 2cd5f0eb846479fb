import { HOUR_MS } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { SignInService } from './sign-in.service.ts';

export const governJobs = (signIn: Pick<SignInService, 'sweep'>): readonly Job[] => [
  { name: 'govern.sweep_sessions', every_ms: HOUR_MS, run: () => signIn.sweep() },
];
