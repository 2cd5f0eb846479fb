/** Asks an operation as a request would, without HTTP: input is checked, defaults are filled in. */
import type { Operation, OperationContext } from '../kernel/operation.ts';

export type Ask = <T>(name: string, input?: object) => Promise<T>;

export const createAsk =
  (operations: readonly Operation[], context: OperationContext): Ask =>
  async <T>(name: string, input: object = {}) => {
    const operation = operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return (await operation.handle(operation.input.parse(input), context)) as T;
  };
