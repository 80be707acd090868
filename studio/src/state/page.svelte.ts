// The one page there is: which room is open, in which state, and what had to be said about the address. The state is
// written to the address when a gesture has ended, so that Back undoes gestures and not pixels.

import { rooms } from "../rooms/index.ts";
import type { Room } from "../rooms/room.ts";
import { languages } from "../strings/say.svelte.ts";
import { defaults, type Parts, parse, print, read, type Schema } from "./address.ts";
import { choice, integer, text } from "./fields.ts";

/** What every room's state has besides its own: the language, the step of the story (0: none), a loss of one's own, and
 * whether it stands within another page, without the menu. */
const common = {
  lang: choice(["", ...languages], ""),
  story: integer(0, 0, 5),
  own: text("", 2000),
  embed: choice(["", "yes"], ""),
} satisfies Schema;

export type PageState = Record<string, unknown> & {
  lang: "" | "en" | "zh";
  story: number;
  own: string;
  embed: "" | "yes";
};
type Notice = { readonly path: "unknownRoom" | "otherVersion" | "wrongFields"; readonly what: string };

let room = $state.raw<Room>(rooms[0]);
let state = $state<PageState>(defaults({ ...rooms[0].fields, ...common }) as PageState);
let notice = $state.raw<Notice>();

export const page = {
  get room(): Room {
    return room;
  },
  /** The values of the room's fields and the common ones; changed in place. */
  get state(): PageState {
    return state;
  },
  get notice(): Notice | undefined {
    return notice;
  },
  closeNotice: (): void => {
    notice = undefined;
  },
};

const schemaOf = (room: Room): Schema => ({ ...room.fields, ...common });
const addressOf = (room: Room, state: PageState) => print(room.id, room.version, schemaOf(room), state);

/** The address of a room at its start, in the language spoken. */
export const addressOfStart = (room: Room): string =>
  addressOf(room, { ...(defaults(schemaOf(room)) as PageState), lang: state.lang, own: state.own });

/** The address of the room as it is, with the menu or without. */
export const addressHere = (embed: PageState["embed"]): string => addressOf(room, { ...state, embed });

/** Brings the page to what an address says. */
function open(hash: string): void {
  const parts = parse(hash);
  const known = rooms.find(({ id }) => id === parts?.room);
  const asked = known ?? rooms[0];
  const isCurrent = known !== undefined && parts?.version === asked.version;
  // Whatever else has changed meanwhile, an old link is still in its language.
  const { lang } = parts?.fields ?? {};
  const fields = isCurrent ? parts.fields : lang === undefined ? {} : { lang };
  const { state: values, wrong } = read(schemaOf(asked), fields);
  notice = noticeOf(hash, parts, asked, wrong);
  if (room === asked) Object.assign(state, values);
  else {
    state = values as PageState;
    room = asked;
  }
  history.replaceState(null, "", addressOf(asked, values as PageState));
}

function noticeOf(
  hash: string,
  parts: Parts | undefined,
  asked: Room,
  wrong: readonly string[],
): Notice | undefined {
  if (hash.length <= 1) return undefined;
  if (parts?.room !== asked.id) return { path: "unknownRoom", what: parts?.room ?? hash.slice(0, 40) };
  // A link without version and fields is written by hand: `#/boxes`.
  const isBare = parts.version === 0 && Object.keys(parts.fields).length === 0;
  if (parts.version !== asked.version && !isBare)
    return { path: "otherVersion", what: String(parts.version) };
  return wrong.length > 0 ? { path: "wrongFields", what: wrong.join(", ") } : undefined;
}

/** Changes the state to a step of the story; 0 is the room's start, for free play. */
export function goToStep(step: number): void {
  const change: object = step === 0 ? {} : structuredClone(room.story[step - 1]);
  Object.assign(state, defaults(room.fields), change, { story: step });
}

const QUIET = 250;
let held = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Writes the state to the address now. */
export function commit(): void {
  clearTimeout(timer);
  const address = addressOf(room, state);
  if (address !== location.hash) history.pushState(null, "", address);
}

function commitWhenQuiet(): void {
  clearTimeout(timer);
  timer = setTimeout(() => (held > 0 ? commitWhenQuiet() : commit()), QUIET);
}

/** Opens what the address says and keeps both together from then on. */
export function startPage(): void {
  open(location.hash);
  addEventListener("popstate", () => open(location.hash));
  addEventListener("pagehide", commit);
  addEventListener("pointerdown", () => held++, true);
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => (held = Math.max(0, held - 1)), true);
  }
  $effect.root(() => {
    $effect(() => {
      if (addressOf(room, state) !== location.hash) commitWhenQuiet();
    });
  });
}
