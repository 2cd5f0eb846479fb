/** One cell of a list that is known to hold it: for indexes that the simulator made itself. */
export const cell = <T>(list: ArrayLike<T>, index: number): T => list[index] as T;
