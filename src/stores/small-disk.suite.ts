import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, test } from 'vitest';

/** A disk of a few megabytes, to be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes `bytes` of the disk away. */
  fill(bytes: number): void;
  /** Takes all that is left. */
  fillUp(): void;
  /** Gives back what `fill` or `fillUp` took. */
  free(): void;
  remove(): void;
}

/** A test on a disk of its own; skipped, with the reason printed, where this process may not mount one. */
export function testOnSmallDisk(
  name: string,
  megabytes: number,
  run: (disk: SmallDisk) => Promise<void>,
): void {
  const disk = mountSmallDisk(megabytes);
  afterAll(() => disk?.remove());
  test.skipIf(disk === undefined)(name, { timeout: 60_000 }, async () => {
    if (disk !== undefined) await run(disk);
  });
}

/** A file system in memory; undefined, with the reason printed, where this process may not mount one. */
function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (mount.status !== 0) {
    rmSync(folder, { recursive: true });
    console.log(`a full disk cannot be tried here: ${mount.error?.message ?? mount.stderr.trim()}`);
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: (bytes) => writeFileSync(ballast, Buffer.alloc(bytes)),
    fillUp: () => fillUp(ballast),
    free: () => rmSync(ballast),
    remove: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fillUp(ballast: string): void {
  const file = openSync(ballast, 'a');
  const block = Buffer.alloc(4_096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
