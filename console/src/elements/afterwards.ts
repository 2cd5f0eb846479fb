/**
 * Goes on once a change is done, also when whoever asked for it has left the page by then: what is changed often takes its own
 * button away, and with it the callbacks that were given to `mutate`. A failure is the mutation's to show.
 */
export function afterwards<T>(change: Promise<T>, goOn: (answer: T) => void): void {
  change.then(goOn, () => {});
}
