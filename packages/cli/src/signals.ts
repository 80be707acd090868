// What a signal has to stop before the process can go: the process waits for the threads of a query that still runs.

const stops = new Set<() => void>();

/** Calls `stop` if a signal ends the process before what is returned has been called. */
export function atSignal(stop: () => void): () => void {
  stops.add(stop);
  return () => {
    stops.delete(stop);
  };
}

export function stopAll(): void {
  for (const stop of stops) stop();
  stops.clear();
}
