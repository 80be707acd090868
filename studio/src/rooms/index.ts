// All rooms in their order: every folder beside this file that has a room.ts.

import type { Room } from "./room.ts";

const modules = import.meta.glob<{ readonly room: Room }>("./*/room.ts", { eager: true });

export const rooms: readonly Room[] = Object.values(modules)
  .map(({ room }) => room)
  .sort((a, b) => a.order - b.order);
